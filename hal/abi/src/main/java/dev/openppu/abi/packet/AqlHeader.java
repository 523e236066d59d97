package dev.openppu.abi.packet;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The first four bytes of every packet: header and setup (kernel dispatch) or format (vendor packets).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+-+---+---+-----+-------------------------------+
 *  |     type      |B|acq|rel|  0  |  setup, vendor format, or 0   |
 *  +---------------+-+---+---+-----+-------------------------------+
 * </pre>
 *
 * <p>Protocol of a slot, single or several producers:
 * <ol>
 * <li>A slot is the producer's when its header's type is INVALID and the read index has passed it.
 * <li>The producer writes bytes 4 to 63 with plain stores ({@code encode} of the packet's class).
 * <li>It publishes header and setup together by one 32-bit release store, {@link #publish}: from then on the slot is the device's.
 * <li>It rings the doorbell with the packet's index.
 * <li>The device reads the header ({@link #acquire}), and if it is not INVALID copies the packet, stores an INVALID header ({@link #invalidate}) and posts the
 * new read index.
 * </ol>
 */
public final class AqlHeader {
    /** Bytes of every packet. */
    public static final int PACKET_BYTES = 64;

    public static final int TYPE_VENDOR = 0;
    public static final int TYPE_INVALID = 1;
    public static final int TYPE_KERNEL_DISPATCH = 2;
    public static final int TYPE_BARRIER_AND = 3;
    /** Refused by this device. */
    public static final int TYPE_AGENT_DISPATCH = 4;
    public static final int TYPE_BARRIER_OR = 5;

    public static final int SCOPE_NONE = 0;
    /** The device's caches. */
    public static final int SCOPE_AGENT = 1;
    /** Host memory too. */
    public static final int SCOPE_SYSTEM = 2;

    /** The word of a slot that holds no packet. */
    public static final int INVALID_WORD = TYPE_INVALID;

    /** Offset of the completion signal's virtual address, the same in every packet. */
    public static final int COMPLETION_SIGNAL_OFFSET = 0x38;

    private static final int TYPE_MASK = 0xff;
    private static final int BARRIER_BIT = 1 << 8;
    private static final int ACQUIRE_SHIFT = 9;
    private static final int RELEASE_SHIFT = 11;
    private static final int SCOPE_MASK = 3;
    private static final int RESERVED_MASK = 0xe000;
    private static final int SETUP_SHIFT = 16;

    private static final VarHandle WORD = LittleEndian.U32.varHandle().withInvokeExactBehavior();

    private AqlHeader() {}

    /**
     * The word to publish.
     *
     * @param type {@code TYPE_…}
     * @param barrier starts only when every earlier packet of the queue has completed
     * @param acquire {@code SCOPE_…}: what the engine drops of its caches before the packet begins
     * @param release {@code SCOPE_…}: where the packet's writes are visible before it completes
     * @param setup number of dimensions, vendor format or 0; 16 bits
     */
    public static int word(int type, boolean barrier, int acquire, int release, int setup) {
        return type | (barrier ? BARRIER_BIT : 0) | acquire << ACQUIRE_SHIFT | release << RELEASE_SHIFT | setup << SETUP_SHIFT;
    }

    public static int type(int word) {
        return word & TYPE_MASK;
    }

    public static boolean barrier(int word) {
        return (word & BARRIER_BIT) != 0;
    }

    /** {@code SCOPE_…}, or the undefined 3. */
    public static int acquireScope(int word) {
        return word >>> ACQUIRE_SHIFT & SCOPE_MASK;
    }

    /** {@code SCOPE_…}, or the undefined 3. */
    public static int releaseScope(int word) {
        return word >>> RELEASE_SHIFT & SCOPE_MASK;
    }

    /** The upper 16 bits: setup or vendor format. */
    public static int setup(int word) {
        return word >>> SETUP_SHIFT;
    }

    /** Whether the header's reserved bits are zero and both scopes are defined. */
    public static boolean wellFormed(int word) {
        return (word & RESERVED_MASK) == 0 && acquireScope(word) <= SCOPE_SYSTEM && releaseScope(word) <= SCOPE_SYSTEM;
    }

    /** Hands the slot to the device: a release store, after which the producer does not touch the slot. */
    public static void publish(MemorySegment ring, long base, int word) {
        WORD.setRelease(ring, base, word);
    }

    /** The word of a slot: an acquire load, after which the packet's body may be read if the type is not INVALID. */
    public static int acquire(MemorySegment ring, long base) {
        return (int) WORD.getAcquire(ring, base);
    }

    /** Marks a slot as holding no packet: a release store. */
    public static void invalidate(MemorySegment ring, long base) {
        WORD.setRelease(ring, base, INVALID_WORD);
    }

    /** The completion signal's virtual address in any packet; 0 is none. */
    public static long completionSignal(MemorySegment ring, long base) {
        return ring.get(LittleEndian.U64, base + COMPLETION_SIGNAL_OFFSET);
    }
}
