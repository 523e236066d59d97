package dev.openppu.harness.bringup;

/** Bytes that tell where they came from. */
final class Patterns {
    /** What surrounds a range that a copy must not leave. */
    static final byte GUARD = (byte) 0xa5;

    private Patterns() {}

    /** Bytes of which any two runs at different places differ. */
    static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        int state = seed * 0x9e3779b9 | 1;
        for (int i = 0; i < length; i++) {
            state ^= state << 13;
            state ^= state >>> 17;
            state ^= state << 5;
            bytes[i] = (byte) state;
        }
        return bytes;
    }

    /** {@code length} guard bytes. */
    static byte[] guards(int length) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, GUARD);
        return bytes;
    }
}
