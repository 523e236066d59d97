package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;

/**
 * Payload of {@link Command#DEVICE_GET_REGION_IO_FDS}, of command and reply, without the sub-regions.
 *
 * @param argsz bytes of payload: that the reply may have, in the command; that the whole of it needs, in the reply
 * @param index one of {@link PciRegion}
 * @param count sub-regions that have a descriptor
 */
public record RegionIoFds(int argsz, int index, int count) implements Payload {
    public static final int BYTES = 16;

    private static final int FLAGS_OFFSET = 4;
    private static final int INDEX_OFFSET = 8;
    private static final int COUNT_OFFSET = 12;

    public static RegionIoFds decode(MemorySegment payload) {
        Wire.demandAtLeast(payload, BYTES, "DEVICE_GET_REGION_IO_FDS");
        RegionIoFds fds = new RegionIoFds(Wire.u32(payload, 0), Wire.u32(payload, INDEX_OFFSET), Wire.u32(payload, COUNT_OFFSET));
        Wire.demandRoom(fds.argsz, BYTES, "DEVICE_GET_REGION_IO_FDS");
        if (Wire.u32(payload, FLAGS_OFFSET) != 0) {
            throw ProtocolException.malformed("DEVICE_GET_REGION_IO_FDS has flags 0x%x, not 0".formatted(Wire.u32(payload, FLAGS_OFFSET)));
        }
        return fds;
    }

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public void encode(MemorySegment to) {
        Wire.u32(to, 0, argsz);
        Wire.u32(to, FLAGS_OFFSET, 0);
        Wire.u32(to, INDEX_OFFSET, index);
        Wire.u32(to, COUNT_OFFSET, count);
    }
}
