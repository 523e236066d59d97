package dev.openppu.abi.memory;

/** Which pseudo-channel an address of device memory belongs to: PS0 and PS1 take turns every 256 bytes (ours: the interleaving of the chip is not public). */
public final class MemoryChannel {
    /** How many there are. */
    public static final int COUNT = 2;

    private static final int SHIFT = 8;

    private MemoryChannel() {}

    /** 0 or 1. */
    public static int of(long address) {
        return (int) (address >>> SHIFT) & 1;
    }
}
