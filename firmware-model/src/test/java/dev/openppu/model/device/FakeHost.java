package dev.openppu.model.device;

import dev.openppu.model.pcie.Completion;
import dev.openppu.model.pcie.DmaResult;
import dev.openppu.model.pcie.HostPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Host memory behind a list of mappings; writes arrive at once. */
final class FakeHost implements HostPort {
    private static final VarHandle V16 = ValueLayout.JAVA_SHORT.varHandle();
    private static final VarHandle V32 = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle V64 = ValueLayout.JAVA_LONG.varHandle();

    private final TreeMap<Long, Mapping> mappings = new TreeMap<>();
    volatile boolean turnedOff;
    final AtomicIntegerArray interrupts = new AtomicIntegerArray(2048);

    private record Mapping(MemorySegment memory, boolean readable, boolean writable) {}

    /** Maps fresh memory at an IOVA. */
    synchronized MemorySegment map(long iova, long bytes) {
        return map(iova, bytes, true, true);
    }

    synchronized MemorySegment map(long iova, long bytes, boolean readable, boolean writable) {
        MemorySegment memory = Arena.ofAuto().allocate(bytes, 4096);
        mappings.put(iova, new Mapping(memory, readable, writable));
        return memory;
    }

    /** Maps memory that is there already. */
    synchronized void map(long iova, MemorySegment memory) {
        mappings.put(iova, new Mapping(memory, true, true));
    }

    synchronized void unmap(long iova) {
        mappings.remove(iova);
    }

    int interrupts(int vector) {
        return interrupts.get(vector);
    }

    private synchronized DmaResult access(long iova, long bytes, boolean write, Action action) {
        Map.Entry<Long, Mapping> entry = mappings.floorEntry(iova);
        if (entry == null || iova - entry.getKey() + bytes > entry.getValue().memory().byteSize()) {
            return DmaResult.NOT_MAPPED;
        }
        Mapping mapping = entry.getValue();
        if (write ? !mapping.writable() : !mapping.readable()) {
            return DmaResult.NO_RIGHT;
        }
        action.on(mapping.memory(), iova - entry.getKey());
        return DmaResult.OK;
    }

    private interface Action {
        void on(MemorySegment memory, long offset);
    }

    @Override
    public DmaResult fetch(long iova, MemorySegment destination) {
        return access(iova, destination.byteSize(), false,
                (memory, offset) -> MemorySegment.copy(memory, offset, destination, 0, destination.byteSize()));
    }

    @Override
    public synchronized long granted(long iova, long bytes, boolean write) {
        Map.Entry<Long, Mapping> entry = mappings.floorEntry(iova);
        if (entry == null || (write ? !entry.getValue().writable() : !entry.getValue().readable())) {
            return 0;
        }
        return Math.clamp(entry.getKey() + entry.getValue().memory().byteSize() - iova, 0, bytes);
    }

    @Override
    public DmaResult read(long iova, MemorySegment destination) {
        DmaResult result = fetch(iova, destination);
        if (!result.ok()) {
            destination.fill((byte) -1);
        }
        return result;
    }

    @Override
    public DmaResult write(long iova, MemorySegment source) {
        return access(iova, source.byteSize(), true, (memory, offset) -> MemorySegment.copy(source, 0, memory, offset, source.byteSize()));
    }

    @Override
    public DmaResult readLines(long iova, MemorySegment destination) {
        DmaResult result = access(iova, destination.byteSize(), false, (memory, offset) -> {
            for (long line = 0; line < destination.byteSize(); line += 64) {
                destination.set(ValueLayout.JAVA_LONG, line, (long) V64.getAcquire(memory, offset + line));
                MemorySegment.copy(memory, offset + line + 8, destination, line + 8, 56);
            }
        });
        if (!result.ok()) {
            destination.fill((byte) -1);
        }
        return result;
    }

    @Override
    public DmaResult write16(long iova, int value) {
        return access(iova, 2, true, (memory, offset) -> V16.setVolatile(memory, offset, (short) value));
    }

    @Override
    public DmaResult write32(long iova, int value) {
        return access(iova, 4, true, (memory, offset) -> V32.setRelease(memory, offset, value));
    }

    @Override
    public DmaResult write64(long iova, long value) {
        return access(iova, 8, true, (memory, offset) -> V64.setRelease(memory, offset, value));
    }

    @Override
    public DmaResult read32(long iova, Completion completion) {
        completion.value = 0xffff_ffffL;
        completion.result = access(iova, 4, false,
                (memory, offset) -> completion.value = (int) V32.getAcquire(memory, offset) & 0xffff_ffffL);
        return completion.result;
    }

    @Override
    public DmaResult read64(long iova, Completion completion) {
        completion.value = -1;
        completion.result = access(iova, 8, false, (memory, offset) -> completion.value = (long) V64.getAcquire(memory, offset));
        return completion.result;
    }

    @Override
    public void interrupt(int vector) {
        interrupts.incrementAndGet(vector);
    }

    @Override
    public void turnedOff() {
        turnedOff = true;
    }

    @Override
    public void vectorChanged(int vector) {}
}
