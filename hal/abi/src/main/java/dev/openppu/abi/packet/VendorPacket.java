package dev.openppu.abi.packet;

/**
 * Packets of type 0, all ours: the upper half of the first word says which.
 *
 * <p>Writer and reader follow {@link AqlHeader}.
 */
public final class VendorPacket {
    public static final int FORMAT_COPY = 1;
    public static final int FORMAT_FILL = 2;
    public static final int FORMAT_WAIT_VALUE = 3;
    public static final int FORMAT_WRITE_VALUE = 4;
    public static final int FORMAT_TIMESTAMP = 5;

    private VendorPacket() {}

    /** The word to publish. */
    public static int word(int format, boolean barrier, int acquire, int release) {
        return AqlHeader.word(AqlHeader.TYPE_VENDOR, barrier, acquire, release, format);
    }

    /** {@code FORMAT_…} that the word of a vendor packet names, or an unknown number. */
    public static int format(int word) {
        return AqlHeader.setup(word);
    }
}
