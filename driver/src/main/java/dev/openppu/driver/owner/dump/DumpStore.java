package dev.openppu.driver.owner.dump;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Puts dumps into a directory, at most so many: then the oldest goes. A file appears whole or not at all. */
public final class DumpStore {
    /** Files kept in one directory. */
    public static final int MOST_FILES = 16;

    private final Path directory;

    public DumpStore(Path directory) {
        this.directory = directory;
    }

    Path put(List<String> lines) throws IOException {
        Files.createDirectories(directory);
        Path target = place();
        write(target, lines);
        return target;
    }

    /** Writes to a file of the caller's choice. */
    static void write(Path target, List<String> lines) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new IOException(target + " is no file");
        }
        Path temporary = Files.createTempFile(parent, "openppu-dump-", ".part");
        try {
            Files.write(temporary, lines, StandardCharsets.UTF_8);
            Files.move(temporary, absolute, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Path place() throws IOException {
        Path oldest = directory.resolve(name(0));
        for (int i = 0; i < MOST_FILES; i++) {
            Path candidate = directory.resolve(name(i));
            try {
                return Files.createFile(candidate);
            } catch (FileAlreadyExistsException e) {
                if (Files.getLastModifiedTime(candidate).compareTo(Files.getLastModifiedTime(oldest)) < 0) {
                    oldest = candidate;
                }
            }
        }
        return oldest;
    }

    private static String name(int index) {
        return "openppu-dump-%02d.jsonl".formatted(index);
    }
}
