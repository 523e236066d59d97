package dev.openppu.rdl.emit.java;

/** Calls of {@code Mmio}, as text. Values of 8 and 16 bits are {@code int}s, zero-extended. */
final class MmioCall {

    private MmioCall() {}

    static String load(int bits, String address) {
        return switch (bits) {
            case 8 -> "mmio.read8(" + address + ") & 0xff";
            case 16 -> "mmio.read16(" + address + ") & 0xffff";
            default -> "mmio.read" + bits + "(" + address + ")";
        };
    }

    /** A load whose value is a {@code long}, zero-extended. */
    static String loadUnsigned(int bits, String address) {
        return switch (bits) {
            case 8 -> "(mmio.read8(" + address + ") & 0xffL)";
            case 16 -> "(mmio.read16(" + address + ") & 0xffffL)";
            case 32 -> "Integer.toUnsignedLong(mmio.read32(" + address + "))";
            default -> "mmio.read64(" + address + ")";
        };
    }

    static String store(int bits, String address, String value) {
        return switch (bits) {
            case 8 -> "mmio.write8(" + address + ", (byte) " + value + ")";
            case 16 -> "mmio.write16(" + address + ", (short) " + value + ")";
            default -> "mmio.write" + bits + "(" + address + ", " + value + ")";
        };
    }
}
