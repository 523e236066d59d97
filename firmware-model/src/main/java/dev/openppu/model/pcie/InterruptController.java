package dev.openppu.model.pcie;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The host's interrupt controller for one function: decodes the messages that the device writes to its address range and counts them by vector.
 *
 * <p>Like the local APICs of a PC it answers at 0xFEE00000 to 0xFEEFFFFF, a range that no DMA mapping may take. Thread-safe.
 */
public final class InterruptController {
    public static final long FIRST_ADDRESS = 0xFEE0_0000L;
    public static final long LAST_ADDRESS = 0xFEEF_FFFFL;

    private static final int MOST_VECTORS = 2048;

    private final AtomicLongArray delivered = new AtomicLongArray(MOST_VECTORS);
    private volatile int enabled;

    /** Messages for vectors 0 to {@code count - 1} are taken from now on; counters at zero. */
    public void enable(int count) {
        for (int i = 0; i < MOST_VECTORS; i++) {
            delivered.set(i, 0);
        }
        enabled = count;
    }

    public void disable() {
        enabled = 0;
    }

    /** What to write into the table so that a vector's message is understood. */
    public long messageAddress(int vector) {
        return FIRST_ADDRESS | (long) (vector >>> 8) << 12;
    }

    public int messageData(int vector) {
        return vector & 0xff;
    }

    static boolean decodes(long address) {
        return address >= FIRST_ADDRESS && address <= LAST_ADDRESS;
    }

    /**
     * A message has arrived.
     *
     * @return whether it was for an enabled vector
     */
    boolean arrive(long address, int data) {
        int vector = vector(address, data);
        if (!decodes(address) || data < 0 || data > 0xff || vector >= enabled) {
            return false;
        }
        delivered.getAndIncrement(vector);
        return true;
    }

    /** The vector that a well-formed message is for. */
    static int vector(long address, int data) {
        return (int) (address - FIRST_ADDRESS >>> 12) << 8 | data & 0xff;
    }

    /** Messages delivered since {@link #enable}: an acquire load. */
    public long delivered(int vector) {
        return delivered.getAcquire(vector);
    }
}
