package dev.openppu.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Reads the regular files of an archive that {@link CpioArchive} describes, made by somebody who is not trusted. */
final class CpioReader {
    private static final int MODE = 1;
    private static final int SIZE = 6;
    private static final int NAME_LENGTH = 11;
    private static final int FIELD_DIGITS = 8;
    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR = 0100000;

    private final byte[] archive;
    private int at;

    private CpioReader(byte[] archive) {
        this.archive = archive;
    }

    /** @throws IOException if the archive is not whole */
    static Map<String, byte[]> files(byte[] archive) throws IOException {
        return new CpioReader(archive).read();
    }

    private Map<String, byte[]> read() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        while (true) {
            byte[] header = take(CpioArchive.HEADER_BYTES);
            if (!new String(header, 0, 6, StandardCharsets.US_ASCII).equals(CpioArchive.MAGIC)) {
                throw new IOException("no entry of an archive at byte " + (at - CpioArchive.HEADER_BYTES));
            }
            byte[] text = take(number(header, NAME_LENGTH));
            String name = new String(text, 0, Math.max(0, text.length - 1), StandardCharsets.UTF_8);
            at += -at & 3;
            byte[] content = take(number(header, SIZE));
            at += -at & 3;
            if (name.equals(CpioArchive.TRAILER)) {
                return files;
            }
            if ((number(header, MODE) & TYPE_MASK) == REGULAR) {
                files.put(name, content);
            }
        }
    }

    private byte[] take(int bytes) throws IOException {
        if (bytes < 0 || bytes > archive.length - at) {
            throw new IOException("the archive ends at byte %d, %d more belong to it".formatted(archive.length, bytes));
        }
        at += bytes;
        return Arrays.copyOfRange(archive, at - bytes, at);
    }

    private static int number(byte[] header, int field) throws IOException {
        String digits = new String(header, CpioArchive.MAGIC.length() + field * FIELD_DIGITS, FIELD_DIGITS, StandardCharsets.US_ASCII);
        try {
            return Integer.parseUnsignedInt(digits, 16);
        } catch (NumberFormatException e) {
            throw new IOException("'%s' is no number".formatted(digits), e);
        }
    }
}
