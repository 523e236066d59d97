package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;

/**
 * Payload of {@link Command#DEVICE_GET_IRQ_INFO}, of command (whose {@code argsz} and {@code index} alone count) and reply.
 *
 * @param argsz bytes of payload
 * @param flags {@link #EVENTFD} and so on
 * @param index one of {@link PciIrq}
 * @param count interrupts of that kind, 0 if there are none
 */
public record IrqInfo(int argsz, int flags, int index, int count) implements Payload {
    public static final int BYTES = 16;
    /** They can be signalled by descriptors. */
    public static final int EVENTFD = 1;
    /** They can be masked by {@link Command#DEVICE_SET_IRQS}. */
    public static final int MASKABLE = 1 << 1;
    /** Each masks itself when it is signalled. */
    public static final int AUTOMASKED = 1 << 2;
    /** They are set up all at once. */
    public static final int NORESIZE = 1 << 3;

    private static final int FLAGS_OFFSET = 4;
    private static final int INDEX_OFFSET = 8;
    private static final int COUNT_OFFSET = 12;

    public static IrqInfo decode(MemorySegment payload) {
        Wire.demandAtLeast(payload, BYTES, "DEVICE_GET_IRQ_INFO"); // Linux may have more fields behind these
        IrqInfo info = new IrqInfo(Wire.u32(payload, 0), Wire.u32(payload, FLAGS_OFFSET), Wire.u32(payload, INDEX_OFFSET),
                Wire.u32(payload, COUNT_OFFSET));
        Wire.demandRoom(info.argsz, BYTES, "DEVICE_GET_IRQ_INFO");
        return info;
    }

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public void encode(MemorySegment to) {
        Wire.u32(to, 0, argsz);
        Wire.u32(to, FLAGS_OFFSET, flags);
        Wire.u32(to, INDEX_OFFSET, index);
        Wire.u32(to, COUNT_OFFSET, count);
    }
}
