package dev.openppu.harness.bench;

import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.harness.Check;

/** Interrupt messages asked for by {@code interrupts.force}, and waited for. */
public final class Messages {
    private static final long ARRIVAL_NANOS = 100_000_000L;
    /** Long enough for a message that should not come. */
    private static final long QUIET_NANOS = 1_000_000L;

    private final Bench bench;

    public Messages(Bench bench) {
        this.bench = bench;
    }

    /** MSI-X vectors that the device has. */
    public int vectors() {
        return IdRegs.Counts.vectors(bench.registers().id().readCounts());
    }

    /** Asks for a message on a vector, which may be one that the device does not have. */
    public void fire(int vector) {
        bench.registers().interrupts().writeForce(InterruptsRegs.Force.withFire(InterruptsRegs.Force.withVector(0, vector), true));
    }

    /** Flushes what was asked for, and waits as long as a message that should not come would take. */
    public void settle() {
        bench.registers().id().readMagic();
        bench.link().runtime().sleep(bench.link().runtime().scaled(QUIET_NANOS));
    }

    /** Waits for the message of this number on a vector. */
    public void await(int vector, long count) {
        Interrupts interrupts = bench.link().interrupts();
        LinkRuntime runtime = bench.link().runtime();
        boolean arrived = runtime.await(() -> interrupts.delivered(vector) >= count, runtime.deadline(ARRIVAL_NANOS));
        Check.that(arrived, "message %d on vector %d within 100 ms".formatted(count, vector), interrupts.delivered(vector) + " messages");
    }

    /** Messages on each vector so far. */
    public long[] delivered() {
        Interrupts interrupts = bench.link().interrupts();
        long[] counts = new long[interrupts.vectors()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = interrupts.delivered(i);
        }
        return counts;
    }
}
