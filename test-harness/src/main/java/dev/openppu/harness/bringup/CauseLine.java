package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.bench.BareDevice;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.Messages;

/** Vector 0 as the line of the device's own causes: nothing enabled and nothing raised when it is opened, and so again when it is closed. For one thread. */
final class CauseLine implements AutoCloseable {
    private static final long CAUSE_NANOS = 1_000_000_000L;
    private static final int ALL = -1;

    final Messages messages;
    final InterruptsRegs registers;
    private final Bench bench;

    private CauseLine(Bench bench) {
        this.bench = bench;
        registers = bench.registers().interrupts();
        messages = new Messages(bench);
        bench.enabledInterrupts();
        quiet();
        messages.settle();
    }

    /** Of a device whose firmware runs; of one that cannot have any, in its ROM. */
    static CauseLine of(Bench bench) {
        if (!bench.trustsKeys()) {
            return inRom(bench);
        }
        bench.booted();
        return new CauseLine(bench);
    }

    /** Of a device whose ROM waits for an image. */
    static CauseLine inRom(Bench bench) {
        bench.function().resetMildly();
        BareDevice device = bench.bare();
        bench.function().poll(() -> device.boot().state() == BootState.ROM_READY, CAUSE_NANOS);
        return new CauseLine(bench);
    }

    private void quiet() {
        registers.writeEnable(0);
        registers.writeModeration(0);
        registers.writeRaw(ALL);
    }

    /** Messages so far. */
    long delivered() {
        return bench.link().interrupts().delivered(0);
    }

    /** Enables these causes, and no others. */
    void enable(int causes) {
        registers.writeEnable(causes);
    }

    /** Ones to raw. */
    void clear(int causes) {
        registers.writeRaw(causes);
    }

    /** Waits for the message of this number. */
    void await(long count) {
        messages.await(0, count);
    }

    /** Waits until a cause is raised. */
    void awaitRaw(Cause cause) {
        if (!bench.function().poll(() -> (registers.readRaw() & cause.bit()) != 0, CAUSE_NANOS)) {
            throw new CheckFailedException("interrupts.raw with 0x%x".formatted(cause.bit()), "0x%x".formatted(registers.readRaw()));
        }
    }

    @Override
    public void close() {
        quiet();
    }
}
