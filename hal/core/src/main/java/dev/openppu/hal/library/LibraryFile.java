package dev.openppu.hal.library;

import dev.openppu.hal.LinkException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is to be loaded as a library. The dynamic linker's own words for what is none differ by binding, and the JVM warns of stack guards before them. */
final class LibraryFile {
    /** ELF's e_ident and e_type (System V ABI, chapter 4). */
    private static final int HEAD_BYTES = 18;
    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
    private static final int TYPE_OFFSET = 16;
    private static final int SHARED_OBJECT = 3;

    private LibraryFile() {}

    /** @throws LinkException if it is not there, cannot be read, or is no shared library */
    static void require(Path file) {
        if (!Files.exists(file)) {
            throw refused(file, "there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw refused(file, "that is a folder");
        }
        byte[] head = head(file);
        for (int i = 0; i < MAGIC.length; i++) {
            if (head.length < HEAD_BYTES || head[i] != MAGIC[i]) {
                throw refused(file, "that is no shared library");
            }
        }
        if (head[TYPE_OFFSET] != SHARED_OBJECT) {
            throw refused(file, "that is an ELF file, but no shared library: link it with -shared");
        }
    }

    private static byte[] head(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD_BYTES);
        } catch (IOException e) {
            throw new LinkException("the library %s cannot be loaded: it cannot be read".formatted(file), e);
        }
    }

    private static LinkException refused(Path file, String why) {
        return new LinkException("the library %s cannot be loaded: %s".formatted(file, why));
    }
}
