package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;

/**
 * What {@link Command#REGION_READ} and {@link Command#REGION_WRITE} and their replies begin with; the data of a write, or of a read's reply, follow.
 *
 * @param offset in the region, bytes
 * @param region one of {@link PciRegion}
 * @param count bytes of data
 */
public record RegionAccess(long offset, int region, int count) implements Payload {
    public static final int BYTES = 16;

    private static final int REGION_OFFSET = 8;
    private static final int COUNT_OFFSET = 12;

    /**
     * Without data: a read's command, or a write's reply.
     *
     * @param longest bytes that may be transferred by a message
     */
    public static RegionAccess decode(MemorySegment payload, long longest) {
        Wire.demand(payload, BYTES, "an access to a region");
        return fixed(payload, longest);
    }

    /** With data, which stand at {@link #BYTES}: a write's command, or a read's reply. */
    public static RegionAccess decodeWithData(MemorySegment payload, long longest) {
        Wire.demandAtLeast(payload, BYTES, "an access to a region");
        RegionAccess access = fixed(payload, longest);
        if (payload.byteSize() != (long) BYTES + access.count) { // no text is made for the many that are right
            Wire.demand(payload, (long) BYTES + access.count, "an access of %d bytes to a region".formatted(access.count));
        }
        return access;
    }

    private static RegionAccess fixed(MemorySegment payload, long longest) {
        RegionAccess access = new RegionAccess(Wire.u64(payload, 0), Wire.u32(payload, REGION_OFFSET), Wire.u32(payload, COUNT_OFFSET));
        if (Integer.toUnsignedLong(access.count) > longest) {
            throw ProtocolException
                    .malformed("an access to a region is for %s bytes; %d are agreed upon".formatted(Integer.toUnsignedString(
                            access.count), longest));
        }
        Wire.demandRange(access.offset, access.count, "an access to a region");
        return access;
    }

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public void encode(MemorySegment to) {
        Wire.u64(to, 0, offset);
        Wire.u32(to, REGION_OFFSET, region);
        Wire.u32(to, COUNT_OFFSET, count);
    }
}
