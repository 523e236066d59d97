package dev.openppu.abi.firmware;

import java.lang.foreign.MemorySegment;

/**
 * The payload of an {@link MessageType#XID} event. Fields are as the device says, not checked: an unknown number is kept.
 *
 * <pre>
 *  w0  xid
 *  w1  exception 7:0 (0x3F none) | reason 15:8 | engine 23:16 | access 31:24
 *  w2  context 15:0 (0xFFFF none) | queue 31:16 (0xFFFF none)
 *  w3  address        w4  pc        w5  device time in nanoseconds
 * </pre>
 *
 * @param exception PPU_EXCEPTION number, 0x3F none
 * @param reason value of {@code mmu_reason_e}
 * @param engine value of {@code engine_e}
 * @param access value of {@code mmu_access_e}
 * @param context {@link #NO_CONTEXT} if none
 * @param queue {@link #NO_QUEUE} if none
 * @param pc virtual address of the instruction, or 0
 * @param nanos device time
 */
public record XidEvent(int xid, int exception, int reason, int engine, int access, int context, int queue, long address, long pc,
        long nanos) {
    public static final int NO_CONTEXT = 0xffff;
    public static final int NO_QUEUE = 0xffff;

    /** Writes the payload of the message at {@code base}. */
    public void encode(MemorySegment ring, long base) {
        FirmwareMessage.word(ring, base, 0, Integer.toUnsignedLong(xid));
        FirmwareMessage.word(ring, base, 1, exception & 0xffL | (reason & 0xffL) << 8 | (engine & 0xffL) << 16 | (access & 0xffL) << 24);
        FirmwareMessage.word(ring, base, 2, context & 0xffffL | (queue & 0xffffL) << 16);
        FirmwareMessage.word(ring, base, 3, address);
        FirmwareMessage.word(ring, base, 4, pc);
        FirmwareMessage.word(ring, base, 5, nanos);
    }

    /** Reads the payload of the message at {@code base}. */
    public static XidEvent decode(MemorySegment ring, long base) {
        int what = (int) FirmwareMessage.word(ring, base, 1);
        int who = (int) FirmwareMessage.word(ring, base, 2);
        return new XidEvent((int) FirmwareMessage.word(ring, base, 0), what & 0xff, what >>> 8 & 0xff, what >>> 16 & 0xff, what >>> 24,
                who & 0xffff,
                who >>> 16, FirmwareMessage.word(ring, base, 3), FirmwareMessage.word(ring, base, 4), FirmwareMessage.word(ring, base, 5));
    }
}
