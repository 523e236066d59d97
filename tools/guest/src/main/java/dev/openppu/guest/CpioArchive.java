package dev.openppu.guest;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes an archive of the form {@code newc}, as the kernel takes its first file system: a header of 13 hexadecimal numbers of 8 digits behind a magic number, the name, the
 * content, each padded to 4 bytes; an entry named {@code TRAILER!!!} is the last. Archives may be put one behind the other.
 */
final class CpioArchive implements Closeable {
    static final String MAGIC = "070701";
    static final String TRAILER = "TRAILER!!!";
    static final int HEADER_BYTES = 110;
    static final int FOLDER = 0040755;
    static final int FILE = 0100644;
    static final int PROGRAM = 0100755;

    private final OutputStream out;
    private final Set<String> folders = new HashSet<>();
    private int entries;

    CpioArchive(OutputStream out) {
        this.out = new BufferedOutputStream(out, 1 << 16);
    }

    void folder(String name) throws IOException {
        if (!name.isEmpty() && folders.add(name)) {
            folder(parent(name));
            begin(name, FOLDER, 0);
        }
    }

    private static String parent(String name) {
        return name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "";
    }

    void file(String name, int mode, byte[] content) throws IOException {
        folder(parent(name));
        begin(name, mode, content.length);
        out.write(content);
        pad(content.length);
    }

    void file(String name, Path source) throws IOException {
        folder(parent(name));
        long size = Files.size(source);
        begin(name, Files.isExecutable(source) ? PROGRAM : FILE, size);
        Files.copy(source, out);
        pad(size);
    }

    /** A folder of the host's with all that is in it; links are followed. */
    void tree(String name, Path source) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(source, FileVisitOption.FOLLOW_LINKS)) {
            all = files.sorted().toList();
        }
        for (Path file : all) {
            String inside = name + "/" + source.relativize(file);
            if (Files.isRegularFile(file)) {
                file(inside, file);
            }
        }
    }

    private void begin(String name, int mode, long size) throws IOException {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        entries++;
        // inode, mode, owner, group, links, time, size, device (4), length of the name with its end, checksum
        out.write((MAGIC + "%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x".formatted(entries, mode, 0, 0, 1, 0, size, 0, 0, 0, 0,
                text.length + 1, 0)).getBytes(StandardCharsets.US_ASCII));
        out.write(text);
        out.write(0);
        pad(HEADER_BYTES + text.length + 1L);
    }

    private void pad(long bytes) throws IOException {
        out.write(new byte[(int) (-bytes & 3)]);
    }

    @Override
    public void close() throws IOException {
        begin(TRAILER, 0, 0);
        out.close();
    }
}
