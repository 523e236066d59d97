package dev.openppu.cli.file;

import dev.openppu.cli.BadInputException;
import dev.openppu.harness.input.TextFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a user names to be read. */
public final class InputFile {
    private InputFile() {}

    /**
     * The file, if it is there, is no folder and may be read.
     *
     * @throws BadInputException says which of these is not so
     */
    public static Path require(Path file) {
        if (!Files.exists(file)) {
            throw new BadInputException(file + ": no such file");
        }
        if (Files.isDirectory(file)) {
            throw new BadInputException(file + " is a folder; name a file");
        }
        if (!Files.isReadable(file)) {
            throw new BadInputException(file + ": permission denied");
        }
        return file;
    }

    /** Whether two names are of one file, be it there or not. */
    public static boolean same(Path one, Path other) throws IOException {
        return Files.exists(one) && Files.exists(other)
                ? Files.isSameFile(one, other)
                : one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    /**
     * All of a file that must not be longer than {@code most} bytes.
     *
     * @throws BadInputException if it is
     */
    public static byte[] readAtMost(Path file, long most) throws IOException {
        long size = Files.size(require(file));
        if (size > most) {
            throw new BadInputException(file + " has " + size + " bytes; at most " + most + " are taken");
        }
        return Files.readAllBytes(file);
    }

    /**
     * The same of a text in UTF-8.
     *
     * @throws BadInputException if it is too long, or no UTF-8
     */
    public static String readTextAtMost(Path file, long most) throws IOException {
        try {
            return TextFile.decode(ByteBuffer.wrap(readAtMost(file, most)), file.toString());
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
    }
}
