package dev.openppu.abi.packet;

import static dev.openppu.abi.packet.LittleEndian.U16;
import static dev.openppu.abi.packet.LittleEndian.U32;
import static dev.openppu.abi.packet.LittleEndian.U64;

import java.lang.foreign.MemorySegment;

/**
 * Launches a kernel. As AQL's packet, but the grid counts blocks (ours: work-items would overflow at the published grid limit of 2^31-1 blocks).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |          header (2)           |     setup: dimensions, 1-3    |  0x00
 *  +-------------------------------+-------------------------------+
 *  |            block x            |            block y            |  0x04
 *  +-------------------------------+-------------------------------+
 *  |            block z            |               0               |  0x08
 *  +-------------------------------+-------------------------------+
 *  |                        grid x, in blocks                      |  0x0C
 *  +---------------------------------------------------------------+
 *  |                        grid y, in blocks                      |  0x10
 *  +---------------------------------------------------------------+
 *  |                        grid z, in blocks                      |  0x14
 *  +---------------------------------------------------------------+
 *  |                      private bytes (zero)                     |  0x18
 *  +---------------------------------------------------------------+
 *  |                     dynamic shared bytes                      |  0x1C
 *  +---------------------------------------------------------------+
 *  |                   kernel descriptor address                   |  0x20
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                    parameter block address                    |  0x28
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                               0                               |  0x30
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                   completion signal address                   |  0x38
 *  |                                                               |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>All addresses are virtual addresses of the queue's context. Writer and reader follow {@link AqlHeader}.
 */
public final class KernelDispatchPacket {
    public static final int BLOCK_X_OFFSET = 0x04;
    public static final int BLOCK_Y_OFFSET = 0x06;
    public static final int BLOCK_Z_OFFSET = 0x08;
    private static final int RESERVED_16_OFFSET = 0x0a;
    public static final int GRID_X_OFFSET = 0x0c;
    public static final int GRID_Y_OFFSET = 0x10;
    public static final int GRID_Z_OFFSET = 0x14;
    public static final int PRIVATE_BYTES_OFFSET = 0x18;
    public static final int SHARED_BYTES_OFFSET = 0x1c;
    public static final int KERNEL_OFFSET = 0x20;
    public static final int PARAMETERS_OFFSET = 0x28;
    private static final int RESERVED_64_OFFSET = 0x30;
    public static final int COMPLETION_SIGNAL_OFFSET = AqlHeader.COMPLETION_SIGNAL_OFFSET;

    private KernelDispatchPacket() {}

    /** The word to publish; {@code dimensions} is 1 to 3. */
    public static int word(boolean barrier, int acquire, int release, int dimensions) {
        return AqlHeader.word(AqlHeader.TYPE_KERNEL_DISPATCH, barrier, acquire, release, dimensions);
    }

    /** Writes the launch's shape: threads of a block, blocks of the grid (unused dimensions 1), dynamic shared memory in bytes. */
    public static void encodeShape(MemorySegment ring, long base, int blockX, int blockY, int blockZ, int gridX, int gridY, int gridZ,
            int sharedBytes) {
        ring.set(U16, base + BLOCK_X_OFFSET, (short) blockX);
        ring.set(U16, base + BLOCK_Y_OFFSET, (short) blockY);
        ring.set(U16, base + BLOCK_Z_OFFSET, (short) blockZ);
        ring.set(U16, base + RESERVED_16_OFFSET, (short) 0);
        ring.set(U32, base + GRID_X_OFFSET, gridX);
        ring.set(U32, base + GRID_Y_OFFSET, gridY);
        ring.set(U32, base + GRID_Z_OFFSET, gridZ);
        ring.set(U32, base + PRIVATE_BYTES_OFFSET, 0);
        ring.set(U32, base + SHARED_BYTES_OFFSET, sharedBytes);
    }

    /** Writes the addresses; with {@link #encodeShape} the whole body is written. */
    public static void encodeAddresses(MemorySegment ring, long base, long kernel, long parameters, long completionSignal) {
        ring.set(U64, base + KERNEL_OFFSET, kernel);
        ring.set(U64, base + PARAMETERS_OFFSET, parameters);
        ring.set(U64, base + RESERVED_64_OFFSET, 0);
        ring.set(U64, base + COMPLETION_SIGNAL_OFFSET, completionSignal);
    }

    /** Dimensions that the setup half of a word names: 1 to 3 if well-formed. */
    public static int dimensions(int word) {
        return AqlHeader.setup(word);
    }

    /** Threads, unsigned 16 bits. */
    public static int blockX(MemorySegment ring, long base) {
        return Short.toUnsignedInt(ring.get(U16, base + BLOCK_X_OFFSET));
    }

    /** Threads, unsigned 16 bits. */
    public static int blockY(MemorySegment ring, long base) {
        return Short.toUnsignedInt(ring.get(U16, base + BLOCK_Y_OFFSET));
    }

    /** Threads, unsigned 16 bits. */
    public static int blockZ(MemorySegment ring, long base) {
        return Short.toUnsignedInt(ring.get(U16, base + BLOCK_Z_OFFSET));
    }

    /** Blocks, unsigned. */
    public static int gridX(MemorySegment ring, long base) {
        return ring.get(U32, base + GRID_X_OFFSET);
    }

    /** Blocks, unsigned. */
    public static int gridY(MemorySegment ring, long base) {
        return ring.get(U32, base + GRID_Y_OFFSET);
    }

    /** Blocks, unsigned. */
    public static int gridZ(MemorySegment ring, long base) {
        return ring.get(U32, base + GRID_Z_OFFSET);
    }

    /** Dynamic shared memory in bytes, unsigned. */
    public static int sharedBytes(MemorySegment ring, long base) {
        return ring.get(U32, base + SHARED_BYTES_OFFSET);
    }

    public static long kernel(MemorySegment ring, long base) {
        return ring.get(U64, base + KERNEL_OFFSET);
    }

    public static long parameters(MemorySegment ring, long base) {
        return ring.get(U64, base + PARAMETERS_OFFSET);
    }

    /** Whether all fields that must be zero are. */
    public static boolean reservedClear(MemorySegment ring, long base) {
        return ring.get(U16, base + RESERVED_16_OFFSET) == 0 && ring.get(U32, base + PRIVATE_BYTES_OFFSET) == 0
                && ring.get(U64, base + RESERVED_64_OFFSET) == 0;
    }
}
