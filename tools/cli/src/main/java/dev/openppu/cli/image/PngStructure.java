package dev.openppu.cli.image;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Checks a PNG file's chunks (PNG, third edition, clause 5): order, lengths and checksums. Java's decoder looks at no checksum and forgives a missing end,
 * so a damaged file would be taken for a picture.
 */
final class PngStructure {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int CHUNK = 1 << 16;

    private final DataInputStream in;
    private long at = SIGNATURE.length;

    private PngStructure(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /** Whether these first bytes, at most eight, are those of a PNG file, be it cut short. */
    static boolean begins(byte[] head) {
        int mismatch = Arrays.mismatch(head, SIGNATURE);
        return mismatch == -1 || mismatch == head.length;
    }

    /**
     * Reads a whole file behind its signature.
     *
     * @throws PictureException says which chunk is damaged
     */
    static void check(InputStream afterSignature) throws IOException {
        new PngStructure(afterSignature).checkChunks();
    }

    private void checkChunks() throws IOException {
        String type = checkChunk();
        if (!type.equals("IHDR")) {
            throw new PictureException("a PNG file that begins with a chunk " + type + " where IHDR must be");
        }
        boolean pixels = false;
        while (!type.equals("IEND")) {
            type = checkChunk();
            pixels |= type.equals("IDAT");
        }
        if (!pixels) {
            throw new PictureException("a PNG file without pixels: it has no IDAT chunk");
        }
    }

    private String checkChunk() throws IOException {
        String what = "a chunk's head";
        try {
            long length = in.readInt() & 0xFFFF_FFFFL;
            byte[] name = new byte[4];
            in.readFully(name);
            what = "chunk " + type(name);
            CRC32 crc = new CRC32();
            crc.update(name);
            skipInto(crc, length);
            if (in.readInt() != (int) crc.getValue()) {
                throw new PictureException("a damaged PNG file: the checksum of " + what + " at byte " + at + " is wrong");
            }
            at += length + 12;
            return type(name);
        } catch (EOFException e) {
            throw new PictureException("a PNG file that is cut short: it ends within " + what + " at byte " + at);
        }
    }

    private String type(byte[] name) {
        for (byte letter : name) {
            if (!Character.isLetter((char) letter) || letter < 0) {
                throw new PictureException("a damaged PNG file: no chunk begins at byte " + at);
            }
        }
        return new String(name, StandardCharsets.US_ASCII);
    }

    private void skipInto(CRC32 crc, long length) throws IOException {
        byte[] buffer = new byte[(int) Math.min(length, CHUNK)];
        for (long left = length; left > 0;) {
            int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                throw new EOFException();
            }
            crc.update(buffer, 0, read);
            left -= read;
        }
    }
}
