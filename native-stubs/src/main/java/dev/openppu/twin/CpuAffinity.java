package dev.openppu.twin;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** On which CPUs a thread may run: {@code sched_setaffinity(2)}. Threads begun by a pinned thread inherit its CPUs. */
public final class CpuAffinity {
    private static final int MASK_BYTES = 128;

    private CpuAffinity() {}

    /** CPUs that the calling thread may use, ascending. */
    public static List<Integer> allowed() {
        MemorySegment mask = mask();
        List<Integer> cpus = new ArrayList<>();
        for (int cpu = 0; cpu < MASK_BYTES * Byte.SIZE; cpu++) {
            if ((mask.get(ValueLayout.JAVA_BYTE, cpu / Byte.SIZE) >> cpu % Byte.SIZE & 1) != 0) {
                cpus.add(cpu);
            }
        }
        return List.copyOf(cpus);
    }

    /** Keeps the calling thread, which must be a platform thread, on one CPU until the result is closed by the same thread. */
    public static Pin pin(int cpu) {
        MemorySegment before = mask();
        MemorySegment one = Arena.ofAuto().allocate(MASK_BYTES);
        one.set(ValueLayout.JAVA_BYTE, cpu / Byte.SIZE, (byte) (1 << cpu % Byte.SIZE));
        set(one, "CPU " + cpu);
        return () -> set(before, "the CPUs of before");
    }

    /** A thread's stay on one CPU. */
    @FunctionalInterface
    public interface Pin extends AutoCloseable {
        /** The thread may use what it might before. */
        @Override
        void close();
    }

    private static MemorySegment mask() {
        MemorySegment mask = Arena.ofAuto().allocate(MASK_BYTES);
        check(TwinCalls.getAffinity(mask), "the thread's CPUs cannot be read");
        return mask;
    }

    private static void set(MemorySegment mask, String what) {
        check(TwinCalls.setAffinity(mask), "the thread cannot be kept on " + what);
    }

    private static void check(int result, String what) {
        if (result < 0) {
            throw new IllegalStateException("%s: errno %d".formatted(what, -result));
        }
    }
}
