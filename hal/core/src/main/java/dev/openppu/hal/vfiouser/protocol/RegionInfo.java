package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Payload of {@link Command#DEVICE_GET_REGION_INFO}, of command (whose {@code argsz} and {@code index} alone count) and reply. A region that can be mapped in part
 * has a capability that lists the parts; one that can be mapped comes with a descriptor.
 *
 * @param argsz bytes of payload: that the reply may have, in the command; that the whole of it needs, in the reply. A reply that would be longer than the command allows comes without its
 *     capability, and is asked for again
 * @param flags {@link #READ}, {@link #WRITE}, {@link #MMAP}; {@link #CAPABILITIES} if {@code areas} are there or needed room
 * @param index one of {@link PciRegion}
 * @param size bytes of the region, 0 if there is none
 * @param offset in the descriptor's file
 * @param areas parts that can be mapped, in a reply; empty if all of it can, or nothing
 */
public record RegionInfo(int argsz, int flags, int index, long size, long offset, List<Area> areas) implements Payload {
    /** Without the capability. */
    public static final int BYTES = 32;
    public static final int READ = 1;
    public static final int WRITE = 1 << 1;
    public static final int MMAP = 1 << 2;
    public static final int CAPABILITIES = 1 << 3;
    public static final int SPARSE_MMAP_ID = 1;

    private static final int FLAGS_OFFSET = 4;
    private static final int INDEX_OFFSET = 8;
    private static final int CAPABILITY_OFFSET = 12;
    private static final int SIZE_OFFSET = 16;
    private static final int FILE_OFFSET = 24;

    private static final int CAPABILITY_HEADER = 8;
    private static final int VERSION = 2;
    private static final int NEXT = 4;
    private static final int AREAS = CAPABILITY_HEADER + 8;
    private static final int AREA = 16;
    private static final int MOST_CAPABILITIES = 16;

    /** A part of a region that can be mapped: bytes from the region's beginning. */
    public record Area(long offset, long size) {}

    public RegionInfo {
        areas = List.copyOf(areas);
    }

    /** A question. */
    public static RegionInfo ask(int argsz, int index) {
        return new RegionInfo(argsz, 0, index, 0, 0, List.of());
    }

    /** A command's payload: only room and index count, whatever else a client has left in it. */
    public static RegionInfo decodeQuestion(MemorySegment payload) {
        Wire.demandAtLeast(payload, BYTES, "DEVICE_GET_REGION_INFO");
        RegionInfo question = ask(Wire.u32(payload, 0), Wire.u32(payload, INDEX_OFFSET));
        Wire.demandRoom(question.argsz, BYTES, "DEVICE_GET_REGION_INFO");
        return question;
    }

    /**
     * @throws ProtocolException if the payload is too short, or the chain of capabilities leaves it or does not end, or an area leaves the region
     */
    public static RegionInfo decode(MemorySegment payload) {
        Wire.demandAtLeast(payload, BYTES, "DEVICE_GET_REGION_INFO");
        int argsz = Wire.u32(payload, 0);
        Wire.demandRoom(argsz, BYTES, "DEVICE_GET_REGION_INFO");
        int flags = Wire.u32(payload, FLAGS_OFFSET);
        long size = Wire.u64(payload, SIZE_OFFSET);
        List<Area> areas = (flags & CAPABILITIES) == 0 || payload.byteSize() == BYTES
                ? List.of()
                : sparseAreas(payload, Integer.toUnsignedLong(Wire.u32(payload, CAPABILITY_OFFSET)), size);
        return new RegionInfo(argsz, flags, Wire.u32(payload, INDEX_OFFSET), size, Wire.u64(payload, FILE_OFFSET), areas);
    }

    private static List<Area> sparseAreas(MemorySegment payload, long first, long size) {
        long at = first;
        for (int i = 0; i < MOST_CAPABILITIES && at != 0; i++) {
            if (at < BYTES || at > payload.byteSize() - CAPABILITY_HEADER) {
                throw ProtocolException.malformed("a region's capability is at %d, outside its information".formatted(at));
            }
            if (Wire.u16(payload, at) == SPARSE_MMAP_ID) {
                return areas(payload.asSlice(at), size);
            }
            at = Integer.toUnsignedLong(Wire.u32(payload, at + NEXT));
        }
        if (at != 0) {
            throw ProtocolException.malformed("a region's chain of capabilities does not end");
        }
        return List.of();
    }

    private static List<Area> areas(MemorySegment capability, long size) {
        Wire.demandAtLeast(capability, AREAS, "a region's list of areas");
        long count = Integer.toUnsignedLong(Wire.u32(capability, CAPABILITY_HEADER));
        Wire.demandAtLeast(capability, AREAS + count * AREA, "a region's list of areas");
        List<Area> areas = new ArrayList<>();
        for (long at = AREAS; at < AREAS + count * AREA; at += AREA) {
            Area area = new Area(Wire.u64(capability, at), Wire.u64(capability, at + Long.BYTES));
            if (Long.compareUnsigned(area.offset, size) > 0 || Long.compareUnsigned(area.size, size - area.offset) > 0) {
                throw ProtocolException
                        .malformed("an area at 0x%x, 0x%x bytes, leaves a region of 0x%x".formatted(area.offset, area.size, size));
            }
            areas.add(area);
        }
        return areas;
    }

    /** The same without the list of areas, for a peer that has no room for it: it says where the list would be, and QEMU refuses one that says nowhere. */
    public RegionInfo withoutAreas() {
        return new RegionInfo(argsz, flags, index, size, offset, List.of());
    }

    /** Bytes with a list of so many areas. */
    public static int bytesWith(int areas) {
        return areas == 0 ? BYTES : BYTES + AREAS + areas * AREA;
    }

    @Override
    public int bytes() {
        return bytesWith(areas.size());
    }

    @Override
    public void encode(MemorySegment to) {
        Wire.u32(to, 0, argsz);
        Wire.u32(to, FLAGS_OFFSET, flags);
        Wire.u32(to, INDEX_OFFSET, index);
        Wire.u32(to, CAPABILITY_OFFSET, (flags & CAPABILITIES) == 0 ? 0 : BYTES);
        Wire.u64(to, SIZE_OFFSET, size);
        Wire.u64(to, FILE_OFFSET, offset);
        if (!areas.isEmpty()) {
            encodeAreas(to.asSlice(BYTES));
        }
    }

    private void encodeAreas(MemorySegment to) {
        Wire.u16(to, 0, SPARSE_MMAP_ID);
        Wire.u16(to, VERSION, 1);
        Wire.u32(to, NEXT, 0);
        Wire.u32(to, CAPABILITY_HEADER, areas.size());
        Wire.u32(to, CAPABILITY_HEADER + Integer.BYTES, 0);
        long at = AREAS;
        for (Area area : areas) {
            Wire.u64(to, at, area.offset);
            Wire.u64(to, at + Long.BYTES, area.size);
            at += AREA;
        }
    }
}
