package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;

/**
 * Payload of {@link Command#DEVICE_GET_INFO}, of command (whose {@code argsz} alone counts) and reply.
 *
 * @param argsz bytes of payload: that the reply may have, in the command; that it has, in the reply
 * @param flags {@link #RESET}, {@link #PCI}
 * @param regions BARs, ROM, config space and so on, whether they are there or not
 * @param irqs kinds of interrupt, whether they are there or not
 */
public record DeviceInfo(int argsz, int flags, int regions, int irqs) implements Payload {
    public static final int BYTES = 16;
    /** {@link Command#DEVICE_RESET} is known. */
    public static final int RESET = 1;
    /** It is a PCI function. */
    public static final int PCI = 1 << 1;

    private static final int FLAGS_OFFSET = 4;
    private static final int REGIONS_OFFSET = 8;
    private static final int IRQS_OFFSET = 12;

    public static DeviceInfo decode(MemorySegment payload) {
        Wire.demandAtLeast(payload, BYTES, "DEVICE_GET_INFO"); // Linux may have more fields behind these
        DeviceInfo info = new DeviceInfo(Wire.u32(payload, 0), Wire.u32(payload, FLAGS_OFFSET), Wire.u32(payload, REGIONS_OFFSET),
                Wire.u32(payload, IRQS_OFFSET));
        Wire.demandRoom(info.argsz, BYTES, "DEVICE_GET_INFO");
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
        Wire.u32(to, REGIONS_OFFSET, regions);
        Wire.u32(to, IRQS_OFFSET, irqs);
    }
}
