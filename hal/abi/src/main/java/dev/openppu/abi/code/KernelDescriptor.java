package dev.openppu.abi.code;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * What the hardware must know of a kernel: 64 bytes in device memory, named by a dispatch packet (OpenPPU's own design). Little-endian.
 *
 * <pre>
 *         7               0 7               0 7               0 7               0
 *  0x00  +---------------------------------------------------------------------+
 *        |                     magic "PPKD" (bytes 50 50 4B 44)                |
 *  0x04  +----------------------------------+----------------------------------+
 *        |           version = 1            |           flags = 0              |
 *  0x08  +----------------------------------+----------------------------------+
 *        |                     text base VA (8 bytes, 32-byte aligned)         |
 *  0x10  +---------------------------------------------------------------------+
 *        |                     text bytes (a multiple of 32)                   |
 *  0x14  +---------------------------------------------------------------------+
 *        |                     entry offset in the text, bytes                 |
 *  0x18  +---------------------------------------------------------------------+
 *        |                     const base VA (8 bytes)                         |
 *  0x20  +---------------------------------------------------------------------+
 *        |                     const bytes                                     |
 *  0x24  +----------------------------------+----------------+-----------------+
 *        |     32-bit registers per thread  |   predicates   |        0        |
 *  0x28  +----------------------------------+----------------+-----------------+
 *        |                     static shared bytes per block                   |
 *  0x2C  +---------------------------------------------------------------------+
 *        |                     local bytes per thread                          |
 *  0x30  +---------------------------------------------------------------------+
 *        |                     parameter bytes (at most 32764)                 |
 *  0x34  +----------------------------------+----------------------------------+
 *        |  most threads per block, 0: any  |                0                 |
 *  0x38  +----------------------------------+----------------------------------+
 *        |                                  0                                  |
 *  0x3C  +---------------------------------------------------------------------+
 *        |                     CRC-32C of the 60 bytes before                  |
 *        +---------------------------------------------------------------------+
 * </pre>
 *
 * @param textAddress VA of the code, {@link Instruction#BYTES}-aligned
 * @param textBytes length of the code
 * @param entryOffset where in the code the kernel begins
 * @param constAddress VA of the constant data; meaningless when there is none
 * @param constBytes length of the constant data
 * @param registers 32-bit registers per thread, 0 to 255
 * @param predicates predicates per thread, 0 to 127
 * @param sharedBytes shared memory that the kernel declares; the dispatch may add to it
 * @param localBytes local memory per thread
 * @param parameterBytes length of the parameter block
 * @param maxThreads most threads a block may have, 0 where the kernel does not say
 */
public record KernelDescriptor(long textAddress, int textBytes, int entryOffset, long constAddress, int constBytes, int registers,
        int predicates,
        int sharedBytes, int localBytes, int parameterBytes, int maxThreads) {
    public static final int BYTES = 64;
    /** Alignment of a descriptor in device memory. */
    public static final int ALIGNMENT = 64;
    public static final int MAGIC = 0x444B5050;
    public static final int VERSION = 1;

    private static final int CHECKED_BYTES = 60;

    /** Writes the 64 bytes at the buffer's position. */
    public void encode(ByteBuffer out) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(MAGIC).putShort((short) VERSION).putShort((short) 0);
        bytes.putLong(textAddress).putInt(textBytes).putInt(entryOffset);
        bytes.putLong(constAddress).putInt(constBytes);
        bytes.putShort((short) registers).put((byte) predicates).put((byte) 0);
        bytes.putInt(sharedBytes).putInt(localBytes).putInt(parameterBytes);
        bytes.putShort((short) maxThreads).putShort((short) 0).putInt(0);
        bytes.putInt(checksum(bytes));
        out.put(bytes.flip());
    }

    /** The 64 bytes. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        encode(bytes);
        return bytes.array();
    }

    /**
     * Reads 64 bytes from the buffer's position and checks everything that can be checked without memory.
     *
     * @throws MalformedCodeException naming the field that is wrong
     */
    public static KernelDescriptor decode(ByteBuffer in) throws MalformedCodeException {
        if (in.remaining() < BYTES) {
            throw new MalformedCodeException("kernel descriptor: " + in.remaining() + " bytes, not " + BYTES);
        }
        ByteBuffer bytes = in.slice(in.position(), BYTES).order(ByteOrder.LITTLE_ENDIAN);
        require(bytes.getInt(0) == MAGIC, "magic number");
        require(bytes.getInt(CHECKED_BYTES) == checksum(bytes), "checksum");
        require(Short.toUnsignedInt(bytes.getShort(4)) == VERSION, "version");
        require(bytes.getShort(6) == 0 && bytes.get(0x27) == 0 && bytes.getShort(0x36) == 0 && bytes.getInt(0x38) == 0, "reserved field");
        KernelDescriptor kernel = new KernelDescriptor(bytes.getLong(0x08), bytes.getInt(0x10), bytes.getInt(0x14), bytes.getLong(0x18),
                bytes.getInt(0x20), Short.toUnsignedInt(bytes.getShort(0x24)), Byte.toUnsignedInt(bytes.get(0x26)), bytes.getInt(0x28),
                bytes.getInt(0x2C),
                bytes.getInt(0x30), Short.toUnsignedInt(bytes.getShort(0x34)));
        kernel.check();
        in.position(in.position() + BYTES);
        return kernel;
    }

    private void check() throws MalformedCodeException {
        require(textBytes > 0 && textBytes % Instruction.BYTES == 0 && textBytes <= CodeLimits.MAX_TEXT_BYTES, "text size");
        require(textAddress % Instruction.BYTES == 0, "text address");
        require(entryOffset >= 0 && entryOffset < textBytes && entryOffset % Instruction.BYTES == 0, "entry offset");
        require(constBytes >= 0 && constBytes <= CodeLimits.MAX_CONST_BYTES, "const size");
        require(registers <= Instruction.MAX_REGISTERS, "register count");
        require(predicates <= Instruction.MAX_PREDICATES, "predicate count");
        require(sharedBytes >= 0 && sharedBytes <= CodeLimits.MAX_SHARED_BYTES, "shared size");
        require(localBytes >= 0 && localBytes <= CodeLimits.MAX_LOCAL_BYTES, "local size");
        require(parameterBytes >= 0 && parameterBytes <= CodeLimits.MAX_PARAMETER_BYTES, "parameter size");
        require(maxThreads <= CodeLimits.MAX_THREADS_PER_BLOCK, "threads per block");
    }

    private static void require(boolean holds, String field) throws MalformedCodeException {
        if (!holds) {
            throw new MalformedCodeException("kernel descriptor: bad " + field);
        }
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(CHECKED_BYTES).position(0));
        return (int) crc.getValue();
    }
}
