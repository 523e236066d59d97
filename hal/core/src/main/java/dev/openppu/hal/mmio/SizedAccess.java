package dev.openppu.hal.mmio;

/** Accesses whose size is a number. */
public final class SizedAccess {
    private SizedAccess() {}

    /**
     * @param bytes 1, 2, 4 or 8
     * @return the value, zero-extended
     */
    public static long read(Mmio memory, long offset, int bytes) {
        return switch (bytes) {
            case Byte.BYTES -> Byte.toUnsignedLong(memory.read8(offset));
            case Short.BYTES -> Short.toUnsignedLong(memory.read16(offset));
            case Integer.BYTES -> Integer.toUnsignedLong(memory.read32(offset));
            default -> memory.read64(offset);
        };
    }

    /** @param bytes 1, 2, 4 or 8 */
    public static void write(Mmio memory, long offset, int bytes, long value) {
        switch (bytes) {
            case Byte.BYTES -> memory.write8(offset, (byte) value);
            case Short.BYTES -> memory.write16(offset, (short) value);
            case Integer.BYTES -> memory.write32(offset, (int) value);
            default -> memory.write64(offset, value);
        }
    }
}
