package dev.openppu.cli.rdl;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.file.AtomicFile;
import dev.openppu.cli.file.IoProblems;
import dev.openppu.rdl.model.AddressMap;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Where an export goes. UTF-8 everywhere, whatever the terminal's encoding; files appear whole or not at all.
 *
 * @param path     the file or folder that the user named, or null for standard output
 * @param standard standard output
 */
record ExportTarget(@Nullable Path path, OutputStream standard) {

    /** One text to write. */
    interface Text {
        void writeTo(Writer out) throws IOException;
    }

    /** Where the one map, or each of several, goes: a folder if there are several, or if the user named one. */
    boolean isFolder(int maps) {
        return path != null && (maps > 1 || Files.isDirectory(path) || path.toString().endsWith("/"));
    }

    /** Writes what one map became: to the file or standard output, or into the folder under the map's name. */
    void write(AddressMap map, boolean intoFolder, String ending, Text text) throws IOException {
        if (path == null) {
            Writer out = new BufferedWriter(new OutputStreamWriter(standard, StandardCharsets.UTF_8));
            text.writeTo(out);
            out.flush();
        } else if (intoFolder) {
            writeFile(folder(path).resolve(map.name() + ending), text);
        } else {
            writeFile(path, text);
        }
    }

    /** The folder {@code path}, made if it is not there. */
    static Path folder(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new BadInputException(path + " cannot be the output folder: " + IoProblems.describe(e), e);
        }
    }

    static void writeFile(Path file, Text text) throws IOException {
        try (AtomicFile target = AtomicFile.create(file)) {
            try (Writer out = Files.newBufferedWriter(target.path())) {
                text.writeTo(out);
            }
            target.commit();
        }
    }
}
