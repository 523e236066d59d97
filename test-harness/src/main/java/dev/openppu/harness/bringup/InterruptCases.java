package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.hal.Observable;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.Messages;
import java.util.List;

/** Stage 5: MSI-X, vector by vector, without a driver. */
final class InterruptCases {
    /** Long enough for a message that should not come. */
    private static final long QUIET_NANOS = 1_000_000L;
    /** Long enough for one that should. */
    private static final long ARRIVAL_NANOS = 100_000_000L;

    private static final int MODERATION_MICROS = 5_000;

    private InterruptCases() {}

    static Stage stage() {
        return new Stage("interrupts", "Interrupts", List.of(
                Case.of("interrupts.count", "Vectors", Rule.guide(1, "id.counts.vectors is the number of MSI-X vectors"),
                        InterruptCases::count),
                Case.of("interrupts.each", "Every vector delivers",
                        Rule.pcie("7.7.2", "A message on a vector reaches the host exactly once, and no other vector"),
                        InterruptCases::each),
                Case.of("interrupts.masked", "A masked vector is held back",
                        Rule.pcie("7.7.2.4", "While a vector is masked its message is not sent and its pending bit is set"),
                        InterruptCases::masked)
                        .needing(Observable.MSIX_MASKING),
                Case.of("interrupts.replayed", "Unmasking delivers what was held back",
                        Rule.pcie("7.7.2.4", "Unmasking a vector with its pending bit set sends the message, once, and clears the bit"),
                        InterruptCases::replayed)
                        .needing(Observable.MSIX_MASKING),
                Case.of("interrupts.cause", "A cause reaches vector 0",
                        Rule.map("A cause whose enable bit is 1 reaches status and vector 0"),
                        InterruptCases::cause),
                Case.of("interrupts.moderation", "Moderation", Rule.map("interrupts.moderation: a later cause is held back, never lost"),
                        InterruptCases::moderation)));
    }

    private static void count(Bench bench) {
        bench.function().resetMildly();
        Check.equal("vectors", new Messages(bench).vectors(), bench.link().interrupts().vectors());
    }

    private static void each(Bench bench) {
        int vectors = new Messages(bench).vectors();
        bench.enabledInterrupts();
        for (int vector = 0; vector < vectors; vector++) {
            long[] before = new Messages(bench).delivered();
            new Messages(bench).fire(vector);
            new Messages(bench).await(vector, before[vector] + 1);
            before[vector]++;
            long[] after = new Messages(bench).delivered();
            for (int other = 0; other < vectors; other++) {
                Check.equal("messages on vector %d after firing %d".formatted(other, vector), before[other], after[other]);
            }
        }
        bench.note(vectors + " vectors");
    }

    private static void masked(Bench bench) {
        Interrupts interrupts = bench.enabledInterrupts();
        for (int vector : new int[]{0, 1, new Messages(bench).vectors() - 1}) {
            long before = interrupts.delivered(vector);
            interrupts.mask(vector);
            try {
                Check.equal("pending before", false, interrupts.pending(vector));
                new Messages(bench).fire(vector);
                bench.link().runtime().sleep(QUIET_NANOS);
                Check.equal("pending bit of masked vector " + vector, true, interrupts.pending(vector));
                Check.equal("messages on masked vector " + vector, before, interrupts.delivered(vector));
            } finally {
                interrupts.unmask(vector);
            }
            bench.function().poll(() -> interrupts.delivered(vector) > before, ARRIVAL_NANOS); // its message is this case's, not the next one's
        }
    }

    private static void replayed(Bench bench) {
        Interrupts interrupts = bench.enabledInterrupts();
        int vector = new Messages(bench).vectors() - 1;
        bench.link().runtime().sleep(QUIET_NANOS);
        long before = interrupts.delivered(vector);
        interrupts.mask(vector);
        new Messages(bench).fire(vector);
        new Messages(bench).fire(vector);
        bench.link().runtime().sleep(QUIET_NANOS);
        interrupts.unmask(vector);
        new Messages(bench).await(vector, before + 1);
        bench.link().runtime().sleep(QUIET_NANOS);
        Check.equal("messages after unmasking: two while masked are one", before + 1, interrupts.delivered(vector));
        Check.equal("pending bit", false, interrupts.pending(vector));
    }

    private static void cause(Bench bench) {
        bench.booted();
        Interrupts interrupts = bench.enabledInterrupts();
        InterruptsRegs registers = bench.registers().interrupts();
        registers.writeRaw(-1);
        long before = interrupts.delivered(0);
        bench.link().runtime().sleep(QUIET_NANOS);
        registers.writeEnable(InterruptsRegs.Enable.ERROR_MASK);
        provokeError(bench);
        new Messages(bench).await(0, before + 1);
        Check.that(InterruptsRegs.Status.error(registers.readStatus()), "interrupts.status.error",
                "0x%x".formatted(registers.readStatus()));
        registers.writeRaw(InterruptsRegs.Raw.ERROR_MASK);
        Check.hex("interrupts.status after clearing", 0, registers.readStatus());
        registers.writeEnable(0);
        provokeError(bench);
        bench.link().runtime().sleep(QUIET_NANOS);
        Check.equal("messages for a cause that is not enabled", before + 1, interrupts.delivered(0));
        registers.writeRaw(-1);
    }

    private static void moderation(Bench bench) {
        bench.booted();
        Interrupts interrupts = bench.enabledInterrupts();
        InterruptsRegs registers = bench.registers().interrupts();
        registers.writeRaw(-1);
        registers.writeModeration(InterruptsRegs.Moderation.withMicros(0, MODERATION_MICROS));
        registers.writeEnable(InterruptsRegs.Enable.ERROR_MASK);
        try {
            long before = interrupts.delivered(0);
            long begun = bench.link().runtime().nanos(); // of the first, which the host may notice late
            provokeError(bench);
            new Messages(bench).await(0, before + 1);
            registers.writeRaw(InterruptsRegs.Raw.ERROR_MASK);
            provokeError(bench);
            new Messages(bench).await(0, before + 2);
            long waited = bench.link().runtime().nanos() - begun;
            Check.that(waited >= MODERATION_MICROS * 1000, "the second message comes with the moderation of 5 ms",
                    "%.3f ms".formatted(waited / 1e6));
        } finally {
            registers.writeEnable(0);
            registers.writeModeration(0);
            registers.writeRaw(-1);
        }
    }

    /** An access outside the map: an entry in the error log. */
    private static void provokeError(Bench bench) {
        bench.forbidden().readReserved();
    }
}
