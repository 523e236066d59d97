package dev.openppu.driver.owner.dump;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

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
        Path temporary = whole(directory, directory, lines);
        try {
            return place(temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Writes to a file of the caller's choice. */
    static void write(Path target, List<String> lines) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new IOException(target + " is no file");
        }
        Path temporary = whole(parent, target, lines);
        try {
            Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** A file of a name that nobody looks for, with the dump in it; no file if it cannot be written whole. */
    private static Path whole(Path directory, Path target, List<String> lines) throws IOException {
        Path temporary = Files.createTempFile(directory, "openppu-dump-", ".part");
        try {
            return Files.write(temporary, lines, StandardCharsets.UTF_8);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw new IOException("the dump for " + target + " could not be written whole, and nothing is kept of it: " + e, e);
        }
    }

    /** Gives the file a name that is free, or else that of the oldest dump. */
    private Path place(Path whole) throws IOException {
        Path oldest = directory.resolve(name(0));
        for (int i = 0; i < MOST_FILES; i++) {
            Path candidate = directory.resolve(name(i));
            if (reserved(candidate)) {
                return moved(whole, candidate);
            }
            if (Files.getLastModifiedTime(candidate).compareTo(Files.getLastModifiedTime(oldest)) < 0) {
                oldest = candidate;
            }
        }
        return Files.move(whole, oldest, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean reserved(Path candidate) throws IOException {
        try {
            Files.createFile(candidate);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static Path moved(Path whole, Path reserved) throws IOException {
        try {
            return Files.move(whole, reserved, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(reserved);
            throw e;
        }
    }

    private static String name(int index) {
        return String.format(Locale.ROOT, "openppu-dump-%02d.jsonl", index);
    }
}
