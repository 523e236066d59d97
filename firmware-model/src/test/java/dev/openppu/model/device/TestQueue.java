package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import java.lang.foreign.MemorySegment;
import java.util.function.ObjLongConsumer;

/** A queue as a client uses it: writes packets, rings, waits for signals. */
final class TestQueue {
    /** Signals live in the last pages of the context's host memory. */
    private static final long SIGNALS = TestContext.HOST_BYTES - (64 << 10);

    final TestContext context;
    final Bench bench;
    final int number;
    final QueueRegs regs;
    final MemorySegment ring;
    final MemorySegment readIndex;
    final long ringIova;
    final int slots;
    final int log2;
    int flags;
    long writeIndex;
    private int nextSignal;

    TestQueue(TestContext context, int number, int log2) {
        this.context = context;
        this.bench = context.bench;
        this.number = number;
        this.log2 = log2;
        this.slots = 1 << log2;
        this.regs = bench.regs.queue(number);
        this.ringIova = 0x100_0000_0000L + number * 0x100_0000L;
        this.ring = bench.host.map(ringIova, Math.max(4096, slots * 64L));
        this.readIndex = bench.host.map(ringIova + 0x80_0000L, 4096);
        clearRing();
    }

    void clearRing() {
        for (int i = 0; i < slots; i++) {
            AqlHeader.invalidate(ring, i * 64L);
        }
        writeIndex = 0;
    }

    TestQueue enable() {
        return enable(0);
    }

    /** @param flags of the control register, or'ed to what is needed */
    TestQueue enable(int flags) {
        this.flags = flags;
        regs.writeBase(ringIova);
        regs.writeReadIndexAddress(ringIova + 0x80_0000L);
        regs.writeBinding(QueueRegs.Binding.withContext(regs.readBinding(), context.number));
        regs.writeControl(QueueRegs.Control.withEnable(QueueRegs.Control.withLog2Packets(flags, log2), true));
        return this;
    }

    void disable() {
        regs.writeControl(0);
        bench.await("queue disabled", () -> state() == QueueState.DISABLED);
    }

    /** Writes a packet's body and publishes it; waits for a free slot. */
    void put(int word, ObjLongConsumer<MemorySegment> body) {
        bench.await("a free slot", () -> writeIndex - Signal.acquire(readIndex, 0) < slots);
        long base = (writeIndex & slots - 1) * 64;
        assertThat(AqlHeader.type(AqlHeader.acquire(ring, base))).as("slot %d", writeIndex).isEqualTo(AqlHeader.TYPE_INVALID);
        ring.asSlice(base + 4, 60).fill((byte) 0);
        body.accept(ring, base);
        AqlHeader.publish(ring, base, word);
        writeIndex++;
    }

    void ring() {
        bench.doorbells.queue(number).writeRing(writeIndex - 1);
    }

    /** VA of a fresh signal of value 1. */
    long signal() {
        long offset = SIGNALS + number * 512L + (nextSignal++ & 63) * 8L;
        Signal.publish(context.host, offset, 1);
        return TestContext.HOST_VA + offset;
    }

    long value(long signal) {
        return Signal.acquire(context.host, signal - TestContext.HOST_VA);
    }

    void awaitSignal(long signal) {
        bench.await("signal", () -> value(signal) <= 0);
        assertThat(value(signal)).as("signal; queue is %s %s at 0x%x", state(), error(), regs.readErrorAddress()).isZero();
    }

    void awaitFailure(long signal, QueueError error) {
        bench.await("failure", () -> value(signal) < 0);
        bench.await("error state", () -> state() == QueueState.ERROR);
        assertThat(error()).isEqualTo(error);
    }

    QueueState state() {
        return QueueState.of(QueueRegs.Status.state(regs.readStatus()));
    }

    QueueError error() {
        return QueueError.of(QueueRegs.Status.error(regs.readStatus()));
    }

    long copy(long source, long destination, long bytes) {
        return copy(false, source, destination, bytes);
    }

    /** Publishes a copy, rings, returns its signal. */
    long copy(boolean barrier, long source, long destination, long bytes) {
        long signal = signal();
        put(CopyPacket.word(barrier, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM),
                (ring, base) -> CopyPacket.encode(ring, base, 0, source, destination, bytes, signal));
        ring();
        return signal;
    }
}
