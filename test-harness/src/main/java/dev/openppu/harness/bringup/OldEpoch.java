package dev.openppu.harness.bringup;

import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.bench.Bench;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/** Host memory that work before a reset could reach, still mapped and full of guards: nothing may be written there any more. */
final class OldEpoch {
    private final List<MemorySegment> memory;
    private final MemorySegment guards;

    private OldEpoch(List<MemorySegment> memory) {
        this.memory = memory;
        this.guards = MemorySegment.ofArray(Patterns.guards((int) memory.stream().mapToLong(MemorySegment::byteSize).max().orElse(0)));
    }

    /** Fills the memory; to be called when the function answers after a reset, and may not yet master the bus. */
    static OldEpoch seal(List<DmaMapping> mappings) {
        List<MemorySegment> memory = mappings.stream().map(DmaMapping::memory).toList();
        memory.forEach(each -> each.fill(Patterns.GUARD));
        return new OldEpoch(memory);
    }

    /** Fails if anything was written since. */
    void expectSilence(String after) {
        for (MemorySegment each : memory) {
            long at = each.mismatch(guards.asSlice(0, each.byteSize()));
            if (at >= 0) {
                throw new CheckFailedException("nothing of before %s writes to host memory afterwards".formatted(after),
                        "0x%02x at byte 0x%x of %d".formatted(each.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at), at, each.byteSize()));
            }
        }
    }

    /** Messages delivered since interrupts were enabled, on all vectors but one. */
    static long messages(Bench bench, int but) {
        Interrupts interrupts = bench.link().interrupts();
        return IntStream.range(0, interrupts.vectors()).filter(vector -> vector != but).mapToLong(interrupts::delivered).sum();
    }

    /** Fails if a vector has had messages that it should not. */
    static void expectMessages(Bench bench, String after, long expected, int but) {
        Check.equal("messages on vectors that nobody uses after " + after, expected, messages(bench, but));
    }
}
