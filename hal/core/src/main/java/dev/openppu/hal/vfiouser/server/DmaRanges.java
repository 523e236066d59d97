package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.dma.DistantMemory;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.file.PassedFile;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import dev.openppu.hal.vfiouser.protocol.DmaUnmap;
import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The client's memory that the device may reach: mapped where that is safe, else by calls, else by messages. Used by one thread. */
final class DmaRanges {
    /** Each takes one of the process's mappings, of which Linux allows 65530. */
    static final int MOST = 16384;

    private static final long PAGE = 4096;

    private final ServedFunction function;
    private final ClientMemory client;
    /** By first address, unsigned. */
    private final NavigableMap<Long, Range> ranges = new TreeMap<>(Long::compareUnsigned);

    /** One that is mapped; {@code memory} and {@code file} are there if it came with a descriptor. */
    private record Range(long first, long last, boolean reachable, @Nullable Arena memory, @Nullable PassedFile file) {
        boolean overlaps(long from, long to) {
            return Long.compareUnsigned(first, to) <= 0 && Long.compareUnsigned(last, from) >= 0;
        }

        boolean inside(long from, long to) {
            return Long.compareUnsigned(first, from) >= 0 && Long.compareUnsigned(last, to) <= 0;
        }
    }

    DmaRanges(ServedFunction function, ClientMemory client) {
        this.function = function;
        this.client = client;
    }

    /** @param descriptor which came with it, this object's from now on */
    void map(DmaMap map, @Nullable Descriptor descriptor) {
        PassedFile file = descriptor == null ? null : new PassedFile(descriptor);
        try {
            requireFree(map);
            Range range = file == null ? byMessages(map) : byFile(map, file);
            ranges.put(range.first, range);
        } catch (RuntimeException e) {
            if (file != null) {
                file.close();
            }
            throw e;
        }
    }

    private void requireFree(DmaMap map) {
        if (map.size() == 0) {
            throw ProtocolException.refused("DMA_MAP of nothing at 0x%x".formatted(map.address()), ProtocolException.EINVAL);
        }
        if (ranges.size() >= MOST) {
            throw ProtocolException.refused("DMA_MAP: %d ranges are mapped already".formatted(MOST), ProtocolException.ENOSPC);
        }
        if (!overlapping(map.address(), last(map)).isEmpty()) {
            throw ProtocolException.refused("DMA_MAP of 0x%x, 0x%x bytes, overlaps what is mapped".formatted(map.address(), map.size()),
                    ProtocolException.EEXIST);
        }
    }

    private static long last(DmaMap map) {
        return map.address() + map.size() - 1;
    }

    private List<Range> overlapping(long from, long to) {
        List<Range> found = new ArrayList<>();
        Map.Entry<Long, Range> before = ranges.floorEntry(from);
        if (before != null && before.getValue().overlaps(from, to)) {
            found.add(before.getValue());
        }
        ranges.subMap(from, false, to, true).values().forEach(found::add);
        return found;
    }

    private static @Nullable DmaAccess access(DmaMap map) {
        return switch (map.flags()) {
            case DmaMap.READ | DmaMap.WRITE -> DmaAccess.BOTH;
            case DmaMap.READ -> DmaAccess.DEVICE_READS;
            case DmaMap.WRITE -> DmaAccess.DEVICE_WRITES;
            default -> null;
        };
    }

    /** No device has addresses of 64 bits: what is beyond the 63rd is known, and never reached. */
    private Range byMessages(DmaMap map) {
        DmaAccess access = access(map);
        if (access == null || map.address() < 0) {
            return new Range(map.address(), last(map), false, null, null);
        }
        long reachable = last(map) < 0 ? Long.MAX_VALUE - map.address() : map.size();
        function.map(map.address(), reachable, new DistantMemory() {
            @Override
            public boolean read(long offset, MemorySegment destination) {
                return client.read(map.address() + offset, destination);
            }

            @Override
            public boolean write(long offset, MemorySegment source) {
                return client.write(map.address() + offset, source);
            }
        }, access);
        return new Range(map.address(), last(map), true, null, null);
    }

    private Range byFile(DmaMap map, PassedFile file) {
        DmaAccess access = access(map);
        requireMemory(map, file, access);
        if (access == null || last(map) < 0) {
            return new Range(map.address(), last(map), false, null, file);
        }
        file.keepSize();
        if (!file.cannotShrink() || ((map.address() | map.offset() | map.size()) & PAGE - 1) != 0) {
            function.map(map.address(), map.size(), new FileMemory(file, map.offset()), access);
            return new Range(map.address(), last(map), true, null, file);
        }
        Arena arena = Arena.ofShared();
        try {
            function.map(map.address(), file.map(map.offset(), map.size(), access.writable(), arena), access);
        } catch (PosixException e) {
            arena.close();
            throw ProtocolException.refused("DMA_MAP of 0x%x: %s".formatted(map.address(), e.getMessage()), e.errno());
        }
        file.close(); // what was mapped stays so
        return new Range(map.address(), last(map), true, arena, null);
    }

    private static void requireMemory(DmaMap map, PassedFile file, @Nullable DmaAccess access) {
        long bytes = file.size();
        if (bytes == 0) {
            throw ProtocolException.malformed("DMA_MAP of 0x%x comes with a descriptor that is no memory".formatted(map.address()));
        }
        if (map.offset() < 0 || map.size() < 0 || map.size() > bytes - map.offset()) {
            throw ProtocolException
                    .malformed("DMA_MAP of 0x%x: 0x%x bytes at 0x%x are not in a file of 0x%x".formatted(map.address(), map.size(),
                            map.offset(), bytes));
        }
        if (access != null && access.writable() && !file.writable()) {
            throw ProtocolException.malformed("DMA_MAP of 0x%x is for writing; its descriptor is not".formatted(map.address()));
        }
    }

    /** When it returns the device has stopped using the range. That nothing is mapped there is no error: whoever maps by a virtual IOMMU unmaps wholesale. */
    void unmap(DmaUnmap unmap) {
        if (unmap.all()) {
            unmapAll();
        } else if (unmap.size() != 0) {
            unmap(unmap.address(), unmap.address() + unmap.size() - 1);
        }
    }

    private void unmap(long from, long to) {
        List<Range> affected = overlapping(from, to);
        for (Range range : affected) {
            if (!range.inside(from, to)) {
                throw ProtocolException
                        .refused("DMA_UNMAP of 0x%x to 0x%x would leave a part of 0x%x to 0x%x".formatted(from, to, range.first,
                                range.last), ProtocolException.EINVAL);
            }
        }
        affected.forEach(this::remove);
    }

    private void remove(Range range) {
        if (range.reachable) {
            function.unmap(range.first);
        }
        if (range.memory != null) {
            range.memory.close();
        }
        if (range.file != null) {
            range.file.close();
        }
        ranges.remove(range.first);
    }

    void unmapAll() {
        new ArrayList<>(ranges.values()).forEach(this::remove);
    }
}
