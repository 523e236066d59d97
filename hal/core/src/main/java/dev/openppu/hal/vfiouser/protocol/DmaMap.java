package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;

/**
 * Payload of {@link Command#DMA_MAP}: memory of the client that the device may reach from now on. One descriptor may come with it, of a file that holds the memory; without one the server
 * asks by {@link Command#DMA_READ} and {@link Command#DMA_WRITE}.
 *
 * @param flags {@link #READ}, {@link #WRITE}
 * @param offset in the descriptor's file
 * @param address the first IOVA
 * @param size bytes; the range may end at 2^64
 */
public record DmaMap(int flags, long offset, long address, long size) implements Payload {
    public static final int BYTES = 32;
    public static final int READ = 1;
    public static final int WRITE = 1 << 1;

    private static final int FLAGS_OFFSET = 4;
    private static final int FILE_OFFSET = 8;
    private static final int ADDRESS_OFFSET = 16;
    private static final int SIZE_OFFSET = 24;

    /** @throws ProtocolException if the payload's size is wrong, a flag is unknown, or the range wraps */
    public static DmaMap decode(MemorySegment payload) {
        Wire.demand(payload, BYTES, "DMA_MAP");
        Wire.demandRoom(Wire.u32(payload, 0), BYTES, "DMA_MAP");
        DmaMap map = new DmaMap(Wire.u32(payload, FLAGS_OFFSET), Wire.u64(payload, FILE_OFFSET), Wire.u64(payload, ADDRESS_OFFSET),
                Wire.u64(payload, SIZE_OFFSET));
        if ((map.flags & ~(READ | WRITE)) != 0) {
            throw ProtocolException.malformed("DMA_MAP has flags 0x%x that nobody knows".formatted(map.flags));
        }
        Wire.demandRange(map.address, map.size, "DMA_MAP");
        return map;
    }

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public void encode(MemorySegment to) {
        Wire.u32(to, 0, BYTES);
        Wire.u32(to, FLAGS_OFFSET, flags);
        Wire.u64(to, FILE_OFFSET, offset);
        Wire.u64(to, ADDRESS_OFFSET, address);
        Wire.u64(to, SIZE_OFFSET, size);
    }
}
