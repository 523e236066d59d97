package dev.openppu.hal.dma;

import dev.openppu.hal.posix.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory of this process's own. */
final class PrivatePages implements PageSource {
    private final Arena arena = Arena.ofShared();

    @Override
    public MemorySegment reserve(long bytes) {
        return HostMemory.reserve(bytes, arena).segment();
    }

    @Override
    public void discard(MemorySegment pages) {
        HostMemory.discard(pages);
    }

    @Override
    public void close() {
        arena.close();
    }
}
