package dev.openppu.harness.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import tools.jackson.core.JacksonException;

/** Writes files into a directory; each appears whole or not at all. */
final class WholeFiles {
    private final Path directory;

    /** @param directory made if missing */
    WholeFiles(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
    }

    /** What a file is to hold. */
    interface Content {
        void write(BufferedWriter out) throws IOException;
    }

    /** @throws IOException naming the file that could not be written */
    void write(String name, Content content) throws IOException {
        Path target = directory.resolve(name);
        Path part = directory.resolve(name + ".part");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
                content.write(out);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | UncheckedIOException | JacksonException e) {
            throw new IOException("cannot write " + target + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
