package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;

/**
 * Payload of {@link Command#DMA_UNMAP}, and of its reply, which comes when the device has stopped using the range.
 *
 * @param argsz bytes of payload that the reply may have
 * @param flags {@link #ALL}, or 0
 */
public record DmaUnmap(int argsz, int flags, long address, long size) implements Payload {
    public static final int BYTES = 24;
    /** Every range; address and size are 0. */
    public static final int ALL = 1 << 1;

    private static final int FLAGS_OFFSET = 4;
    private static final int ADDRESS_OFFSET = 8;
    private static final int SIZE_OFFSET = 16;

    /** @throws ProtocolException if the payload is too short, a flag is unknown, or the range wraps */
    public static DmaUnmap decode(MemorySegment payload) {
        Wire.demandAtLeast(payload, BYTES, "DMA_UNMAP");
        DmaUnmap unmap = new DmaUnmap(Wire.u32(payload, 0), Wire.u32(payload, FLAGS_OFFSET), Wire.u64(payload, ADDRESS_OFFSET),
                Wire.u64(payload, SIZE_OFFSET));
        Wire.demandRoom(unmap.argsz, BYTES, "DMA_UNMAP");
        if ((unmap.flags & ~ALL) != 0) {
            throw ProtocolException.refused("DMA_UNMAP has flags 0x%x; of these only 0x%x is known".formatted(unmap.flags, ALL),
                    ProtocolException.EOPNOTSUPP);
        }
        Wire.demand(payload, BYTES, "DMA_UNMAP");
        if (unmap.all() && (unmap.address | unmap.size) != 0) {
            throw ProtocolException
                    .malformed("DMA_UNMAP of everything has the range 0x%x, 0x%x bytes".formatted(unmap.address, unmap.size));
        }
        Wire.demandRange(unmap.address, unmap.size, "DMA_UNMAP");
        return unmap;
    }

    public boolean all() {
        return (flags & ALL) != 0;
    }

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public void encode(MemorySegment to) {
        Wire.u32(to, 0, argsz);
        Wire.u32(to, FLAGS_OFFSET, flags);
        Wire.u64(to, ADDRESS_OFFSET, address);
        Wire.u64(to, SIZE_OFFSET, size);
    }
}
