package dev.openppu.hal.posix.vfio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Asks for structures that the kernel may have more to say in than there is room: it answers with the size that it needs. */
final class Growing {
    private static final int TRIES = 4;
    private static final int LARGEST = 1 << 20;

    private Growing() {}

    /** Asks with the smallest size, then with what was answered. */
    static MemorySegment ask(Arena arena, int smallest, IntFunction<MemorySegment> structure, Consumer<MemorySegment> ask) {
        int bytes = smallest;
        MemorySegment asked = structure.apply(bytes);
        for (int i = 0; i < TRIES; i++) {
            ask.accept(asked);
            int needed = asked.get(ValueLayout.JAVA_INT, VfioStructures.ARGSZ);
            if (needed <= bytes || needed > LARGEST) {
                return asked;
            }
            bytes = needed;
            asked = structure.apply(bytes);
        }
        return asked;
    }
}
