package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Payload of {@link Command#REGION_WRITE_MULTI}: writes of up to 8 bytes each, to be done in order. The reply holds their number alone. */
public record RegionWrites(List<One> writes) implements Payload {
    /** Of the number, with which the payload begins. */
    public static final int COUNT_BYTES = 8;

    private static final int ONE = 24;
    private static final int REGION_OFFSET = 8;
    private static final int LENGTH_OFFSET = 12;
    private static final int DATA_OFFSET = 16;

    /**
     * One write.
     *
     * @param bytes 1 to 8
     * @param value little-endian, the lowest {@code bytes} count
     */
    public record One(long offset, int region, int bytes, long value) {}

    public RegionWrites {
        writes = List.copyOf(writes);
    }

    public static RegionWrites decode(MemorySegment payload) {
        Wire.demandAtLeast(payload, COUNT_BYTES, "REGION_WRITE_MULTI");
        long count = Wire.u64(payload, 0);
        if (count < 0 || count > payload.byteSize() / ONE) {
            throw ProtocolException
                    .malformed("REGION_WRITE_MULTI of %s writes has a payload of %d bytes".formatted(Long.toUnsignedString(count),
                            payload.byteSize()));
        }
        Wire.demand(payload, COUNT_BYTES + count * ONE, "REGION_WRITE_MULTI");
        List<One> writes = new ArrayList<>();
        for (long at = COUNT_BYTES; at < payload.byteSize(); at += ONE) {
            int bytes = Wire.u32(payload, at + LENGTH_OFFSET);
            if (bytes < 1 || bytes > Long.BYTES) {
                throw ProtocolException.malformed("REGION_WRITE_MULTI has a write of %s bytes".formatted(Integer.toUnsignedString(bytes)));
            }
            writes.add(new One(Wire.u64(payload, at), Wire.u32(payload, at + REGION_OFFSET), bytes, Wire.u64(payload, at + DATA_OFFSET)));
        }
        return new RegionWrites(writes);
    }

    @Override
    public int bytes() {
        return COUNT_BYTES + writes.size() * ONE;
    }

    @Override
    public void encode(MemorySegment to) {
        Wire.u64(to, 0, writes.size());
        long at = COUNT_BYTES;
        for (One write : writes) {
            Wire.u64(to, at, write.offset);
            Wire.u32(to, at + REGION_OFFSET, write.region);
            Wire.u32(to, at + LENGTH_OFFSET, write.bytes);
            Wire.u64(to, at + DATA_OFFSET, write.value);
            at += ONE;
        }
    }
}
