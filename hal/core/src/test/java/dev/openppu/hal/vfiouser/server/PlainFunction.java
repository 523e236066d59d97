package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.dma.DistantMemory;
import dev.openppu.hal.dma.DmaAccess;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/** A function of memory alone: BAR0 of 4 KiB, four vectors; what it may reach it remembers, and reads once. */
final class PlainFunction implements ServedFunction {
    static final int BAR_BYTES = 4096;

    private final MemorySegment config = Arena.ofShared().allocate(CONFIG_BYTES, 8);
    private final MemorySegment bar = Arena.ofShared().allocate(BAR_BYTES, 8);
    private final Map<Long, Long> reachable = new ConcurrentHashMap<>();

    int mappings() {
        return reachable.size();
    }

    @Override
    public String description() {
        return "plain";
    }

    @Override
    public List<Bar> bars() {
        return List.of(new Bar(0, BAR_BYTES, Optional.empty()));
    }

    @Override
    public int vectors() {
        return 4;
    }

    @Override
    public synchronized void readConfig(int offset, MemorySegment destination) {
        destination.copyFrom(config.asSlice(offset, destination.byteSize()));
    }

    @Override
    public synchronized void writeConfig(int offset, MemorySegment source) {
        config.asSlice(offset, source.byteSize()).copyFrom(source);
    }

    @Override
    public synchronized void readBar(int index, long offset, MemorySegment destination) {
        destination.copyFrom(bar.asSlice(offset, destination.byteSize()));
    }

    @Override
    public synchronized void writeBar(int index, long offset, MemorySegment source) {
        bar.asSlice(offset, source.byteSize()).copyFrom(source);
    }

    @Override
    public void reset() {
        bar.fill((byte) 0);
    }

    @Override
    public void powerCycle() {
        config.fill((byte) 0);
        bar.fill((byte) 0);
    }

    @Override
    public void map(long iova, MemorySegment memory, DmaAccess access) {
        reachable.put(iova, memory.byteSize());
        if (access.readable()) {
            bar.setAtIndex(java.lang.foreign.ValueLayout.JAVA_BYTE, 0,
                    memory.get(java.lang.foreign.ValueLayout.JAVA_BYTE, memory.byteSize() - 1));
        }
    }

    @Override
    public void map(long iova, long bytes, DistantMemory memory, DmaAccess access) {
        reachable.put(iova, bytes);
    }

    @Override
    public void unmap(long iova) {
        reachable.remove(iova);
    }

    @Override
    public void deliverInterruptsTo(IntConsumer vectors) {
        // it has none to send
    }

    @Override
    public void enableVector(int vector) {
        // it sends none
    }

    @Override
    public void disableVectors() {
        // it sends none
    }

    @Override
    public void close() {
        // its memory is the collector's
    }
}
