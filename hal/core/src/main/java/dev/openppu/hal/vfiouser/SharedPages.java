package dev.openppu.hal.vfiouser;

import dev.openppu.hal.dma.PageSource;
import dev.openppu.hal.posix.file.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Memory for DMA that has a descriptor, which a server is given. Thread-safe. */
final class SharedPages implements PageSource {
    private final List<SharedMemory> reserved = new CopyOnWriteArrayList<>();

    /** Where memory is in a file. */
    record Place(int descriptor, long offset) {}

    @Override
    public MemorySegment reserve(long bytes) {
        SharedMemory memory = SharedMemory.create("openppu-dma", bytes);
        reserved.add(memory);
        return memory.segment();
    }

    @Override
    public void discard(MemorySegment pages) {
        for (SharedMemory memory : reserved) {
            long offset = offset(memory, pages);
            if (offset >= 0) {
                memory.discard(offset, pages.byteSize());
            }
        }
    }

    /** The descriptor that stands for memory; empty if it does not come from here. */
    Optional<Place> place(MemorySegment pages) {
        for (SharedMemory memory : reserved) {
            long offset = offset(memory, pages);
            if (offset >= 0) {
                return Optional.of(new Place(memory.descriptor().number(), offset));
            }
        }
        return Optional.empty();
    }

    private static long offset(SharedMemory memory, MemorySegment pages) {
        long offset = pages.address() - memory.segment().address();
        return offset >= 0 && offset <= memory.segment().byteSize() - pages.byteSize() ? offset : -1;
    }

    @Override
    public void close() {
        reserved.forEach(SharedMemory::close);
        reserved.clear();
    }
}
