package dev.openppu.cli.npy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What stands before an array's bytes, as {@code numpy.lib.format} describes it:
 *
 * <pre>
 * 0x00  magic          93 4E 55 4D 50 59
 * 0x06  version        major, minor
 * 0x08  header length  u16 (version 1.0) or u32 (2.0, 3.0)
 * ...   header         a Python dictionary with the keys descr, fortran_order and shape; Latin-1, from 3.0 on UTF-8
 * </pre>
 *
 * @param type  type of the elements
 * @param shape extents, outermost first
 * @param bytes bytes before the array
 */
record NpyHeader(ElementType type, List<Long> shape, int bytes) {
    /** A header beyond this is no header of the arrays that are taken here, and would only cost memory. */
    static final int LONGEST = 1 << 16;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;

    /** Reads a header and leaves {@code in} at the first byte of the array. */
    static NpyHeader read(InputStream in) throws IOException {
        byte[] magic = in.readNBytes(MAGIC.length);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new NpyException("not a NumPy file: it does not begin with \\x93NUMPY");
        }
        ByteBuffer version = take(in, 2, "its version");
        int major = version.get() & 0xFF;
        int minor = version.get() & 0xFF;
        if (major < 1 || major > 3 || minor != 0) {
            throw new NpyException("NumPy file format version " + major + "." + minor + " is unknown; 1.0, 2.0 and 3.0 are known");
        }
        int prefix = major == 1 ? 2 : 4;
        ByteBuffer field = take(in, prefix, "the header's length");
        long length = major == 1 ? field.getShort() & 0xFFFFL : field.getInt() & 0xFFFF_FFFFL;
        if (length > LONGEST) {
            throw new NpyException("its header claims " + length + " bytes; at most " + LONGEST + " are accepted");
        }
        byte[] text = take(in, (int) length, "the header").array();
        String header = new String(text, major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        return new NpyHeaderParser(header).parse(MAGIC.length + 2 + prefix + (int) length);
    }

    /** Writes a version 1.0 header, padded so that the array begins at a multiple of 64 bytes, as NumPy does. */
    static void write(ElementType type, List<Long> shape, OutputStream out) throws IOException {
        String text = "{'descr': '" + type.descriptor() + "', 'fortran_order': False, 'shape': " + tuple(shape) + ", }";
        int before = MAGIC.length + 4;
        int least = before + text.length() + growth(shape) + 1;
        int total = least + ALIGNMENT - least % ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (total - before)).put(text.getBytes(StandardCharsets.ISO_8859_1));
        while (header.remaining() > 1) {
            header.put((byte) ' ');
        }
        header.put((byte) '\n');
        out.write(header.array());
    }

    /** NumPy leaves room for the first extent to grow to 21 digits in place. */
    private static int growth(List<Long> shape) {
        return shape.isEmpty() ? 0 : 21 - String.valueOf(shape.getFirst()).length();
    }

    private static String tuple(List<Long> shape) {
        String inside = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return shape.size() == 1 ? "(" + inside + ",)" : "(" + inside + ")";
    }

    private static ByteBuffer take(InputStream in, int count, String what) throws IOException {
        byte[] read = in.readNBytes(count);
        if (read.length < count) {
            throw new NpyException("the file ends within " + what + ": " + read.length + " of " + count + " bytes are there");
        }
        return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
    }
}
