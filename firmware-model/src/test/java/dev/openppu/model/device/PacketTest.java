package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.KernelDispatchPacket;
import dev.openppu.abi.packet.ScatterGatherEntry;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.model.pcie.SharedBars;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Section 5 of docs/device.md: what each packet does, and which are refused. */
class PacketTest {
    private static final long DEVICE = TestContext.DEVICE_VA;
    private static final long HOST = TestContext.HOST_VA;
    private static final int SIGNAL = AqlHeader.COMPLETION_SIGNAL_OFFSET;
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG;

    private Bench bench;
    private TestContext context;
    private TestQueue queue;

    @BeforeEach
    void boot() {
        bench = Bench.simulated(21).booted();
        context = new TestContext(bench, 1);
        queue = context.queue(0).enable();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void headersThatAreMalformedAreRefused() {
        refused(AqlHeader.word(4, false, 0, 0, 0), (ring, base) -> {});
        refused(AqlHeader.word(6, false, 0, 0, 0), (ring, base) -> {});
        refused(AqlHeader.word(0xff, false, 0, 0, 0), (ring, base) -> {});
        refused(AqlHeader.word(3, false, 3, 0, 0), (ring, base) -> {});
        refused(AqlHeader.word(3, false, 0, 3, 0), (ring, base) -> {});
        for (int bit = 13; bit <= 15; bit++) {
            refused(AqlHeader.word(3, false, 0, 0, 0) | 1 << bit, (ring, base) -> {});
        }
        refused(AqlHeader.word(0, false, 0, 0, 0), (ring, base) -> {});
        refused(AqlHeader.word(0, false, 0, 0, 6), (ring, base) -> {});
    }

    @Test
    void copiesThatAreMalformedAreRefused() {
        ObjLongConsumer<MemorySegment> good = (ring, base) -> CopyPacket.encode(ring, base, 0, HOST, DEVICE, 64, 0);
        int word = CopyPacket.word(false, 0, 0);
        refusedWith(word, good, CopyPacket.FLAGS_OFFSET, 2);
        refusedWith(word, good, 0x20, 1);
        refusedWith(word, good, 0x28, 1);
        refusedWith(word, good, 0x34, 1);
        refusedWith(word, good, CopyPacket.LENGTH_OFFSET + 4, 0x8000_0000);
        refused(word, (ring, base) -> CopyPacket.encode(ring, base, 1, HOST, 0, 0, 0));
        refused(word, (ring, base) -> CopyPacket.encode(ring, base, 1, HOST, 0, 65537, 0));
        refused(word, (ring, base) -> CopyPacket.encode(ring, base, 1, HOST + 4, 0, 1, 0));
        refused(word, (ring, base) -> CopyPacket.encode(ring, base, 1, HOST, DEVICE, 1, 0));
        refused(word, (ring, base) -> {
            ScatterGatherEntry.encode(context.host, 0, HOST, DEVICE, 8);
            context.host.set(U64, 0x18, 1);
            CopyPacket.encode(ring, base, 1, HOST, 0, 1, 0);
        });
    }

    @Test
    void fillsThatAreMalformedAreRefused() {
        int word = FillPacket.word(false, 0, 0);
        for (int element : new int[]{0, 3, 8, -1}) {
            refused(word, (ring, base) -> FillPacket.encode(ring, base, element, 1, DEVICE, 4, 0));
        }
        refused(word, (ring, base) -> FillPacket.encode(ring, base, 4, 1, DEVICE + 2, 4, 0));
        refused(word, (ring, base) -> FillPacket.encode(ring, base, 2, 1, DEVICE + 1, 4, 0));
        refused(word, (ring, base) -> FillPacket.encode(ring, base, 4, 1, DEVICE, Long.MAX_VALUE / 2, 0));
        refusedWith(word, (ring, base) -> FillPacket.encode(ring, base, 4, 1, DEVICE, 4, 0), 0x30, 1);
    }

    @Test
    void valuesTimestampsAndBarriersThatAreMalformedAreRefused() {
        refused(WaitValuePacket.word(false, 0, 0), (ring, base) -> WaitValuePacket.encode(ring, base, 5, HOST, 0, 0));
        refused(WaitValuePacket.word(false, 0, 0), (ring, base) -> WaitValuePacket.encode(ring, base, 0x200, HOST, 0, 0));
        refused(WaitValuePacket.word(false, 0, 0), (ring, base) -> WaitValuePacket.encode(ring, base, 0x100, HOST + 4, 0, 0));
        refused(WaitValuePacket.word(false, 0, 0), (ring, base) -> WaitValuePacket.encode(ring, base, 0, HOST + 2, 0, 0));
        refused(WriteValuePacket.word(false, 0, 0), (ring, base) -> WriteValuePacket.encode(ring, base, 1, HOST, 0, 0));
        refused(WriteValuePacket.word(false, 0, 0), (ring, base) -> WriteValuePacket.encode(ring, base, 0x100, HOST + 4, 0, 0));
        refused(TimestampPacket.word(false, 0, 0), (ring, base) -> TimestampPacket.encode(ring, base, HOST + 4, 0));
        refusedWith(TimestampPacket.word(false, 0, 0), (ring, base) -> TimestampPacket.encode(ring, base, HOST, 0), 0x04, 1);
        refusedWith(BarrierPacket.andWord(false, 0, 0), (ring, base) -> BarrierPacket.encode(ring, base, 0), 0x04, 1);
        refusedWith(BarrierPacket.orWord(false, 0, 0), (ring, base) -> BarrierPacket.encode(ring, base, 0), 0x30, 1);
        refused(BarrierPacket.andWord(false, 0, 0) | 1 << 16, (ring, base) -> BarrierPacket.encode(ring, base, 0));
        refused(BarrierPacket.andWord(false, 0, 0), (ring, base) -> {
            BarrierPacket.encode(ring, base, 0);
            BarrierPacket.dependency(ring, base, 4, HOST + 1);
        });
        refusedWith(TimestampPacket.word(false, 0, 0), (ring, base) -> TimestampPacket.encode(ring, base, HOST, 0), SIGNAL, 0x1004);
    }

    @Test
    void dispatchesThatAreMalformedAreRefused() {
        int[][] shapes = {{0, 1, 1, 1, 1, 1}, {1025, 1, 1, 1, 1, 1}, {1, 1025, 1, 1, 1, 1}, {1, 1, 129, 1, 1, 1}, {33, 32, 1, 1, 1, 1},
            {1, 1, 1, 0, 1, 1},
            {1, 1, 1, 1, -1, 1}, {1, 1, 1, 1, 1, 0}};
        for (int[] s : shapes) {
            refused(KernelDispatchPacket.word(false, 0, 0, 3), dispatch(s, 0, DEVICE));
        }
        int[] one = {1, 1, 1, 1, 1, 1};
        refused(KernelDispatchPacket.word(false, 0, 0, 0), dispatch(one, 0, DEVICE));
        refused(KernelDispatchPacket.word(false, 0, 0, 4), dispatch(one, 0, DEVICE));
        refused(KernelDispatchPacket.word(false, 0, 0, 1), dispatch(new int[]{1, 1, 1, 1, 2, 1}, 0, DEVICE));
        refused(KernelDispatchPacket.word(false, 0, 0, 3), dispatch(one, (256 << 10) + 1, DEVICE));
        refused(KernelDispatchPacket.word(false, 0, 0, 3), dispatch(one, 0, DEVICE + 8));
        refusedWith(KernelDispatchPacket.word(false, 0, 0, 3), dispatch(one, 0, DEVICE), 0x18, 1);
        refusedWith(KernelDispatchPacket.word(false, 0, 0, 3), dispatch(one, 0, DEVICE), 0x30, 1);
        // a descriptor of zeros
        refused(KernelDispatchPacket.word(false, 0, 0, 3), dispatch(one, 0, DEVICE + 4096));
    }

    @Test
    void scatterGatherMovesEveryPieceAndNothingElse() {
        Random random = new Random(3);
        int pieces = 300;
        byte[] expected = new byte[4 << 20];
        long list = HOST + (8 << 20);
        QueueTest.fill(context.host.asSlice(0, 2 << 20), 11);
        long to = 0;
        for (int i = 0; i < pieces; i++) {
            int length = i % 7 == 0 ? 0 : 1 + random.nextInt(9000);
            int from = random.nextInt((2 << 20) - length);
            to += random.nextInt(50);
            ScatterGatherEntry.encode(context.host, (8 << 20) + i * 32L, HOST + from, DEVICE + to, length);
            MemorySegment.copy(context.host, ValueLayout.JAVA_BYTE, from, expected, (int) to, length);
            to += length;
        }
        long signal = queue.signal();
        queue.put(CopyPacket.word(true, 2, 2), (ring, base) -> CopyPacket.encode(ring, base, 1, list, 0, pieces, signal));
        queue.ring();
        queue.awaitSignal(signal);
        queue.awaitSignal(queue.copy(true, DEVICE, HOST + (4 << 20), 4 << 20));
        assertThat(context.host.asSlice(4 << 20, 4 << 20).mismatch(MemorySegment.ofArray(expected))).isEqualTo(-1);
    }

    @Test
    void fillWritesItsElementExactlyAsOftenAsAsked() {
        fill(1, 0x5a, 0x1003, 999);
        fill(2, 0x1234, 0x2002, 70_001);
        fill(4, 0xcafe_babeL, 0x4004, 3);
        fill(4, 0, 0x1000, 40_000);
    }

    @Test
    void barrierBitHoldsUntilAllEarlierPacketsHaveEnded() {
        queue.copy(HOST, DEVICE, 8 << 20);
        long copied = queue.copy(HOST, DEVICE + (8 << 20), 4 << 20);
        long write = queue.signal();
        queue.put(WriteValuePacket.word(true, 0, 0), (ring, base) -> WriteValuePacket.encode(ring, base, 0, HOST + 8192, 77, write));
        queue.ring();
        bench.await("the write", () -> context.host.get(U32, 8192) == 77);
        assertThat(queue.value(copied)).isZero();
        queue.awaitSignal(write);
    }

    @Test
    void packetsWithoutTheBarrierBitOverlapInAnOrderThatTheSeedDecides() {
        Set<Byte> last = new HashSet<>();
        for (int seed = 0; seed < 24; seed++) {
            try (Bench other = Bench.simulated(seed).booted()) {
                TestContext own = new TestContext(other, 1);
                TestQueue q = own.queue(0).enable();
                own.host.asSlice(0, 4096).fill((byte) 1);
                own.host.asSlice(4096, 4096).fill((byte) 2);
                long first = q.copy(HOST, HOST + 8192, 4096);
                long second = q.copy(HOST + 4096, HOST + 8192, 4096);
                q.awaitSignal(first);
                q.awaitSignal(second);
                last.add(own.host.get(ValueLayout.JAVA_BYTE, 8192));
            }
        }
        assertThat(last).containsExactlyInAnyOrder((byte) 1, (byte) 2);
    }

    @Test
    void waitValueComparesAsAskedAndAnotherQueueCanFulfilIt() {
        TestQueue helper = context.queue(1).enable();
        waits(helper, 0, 5, 4, 5);
        waits(helper, 0, 0x8000_0000L, 0x7fff_ffffL, 0x8000_0001L);
        waits(helper, 1, 9, 10, 9);
        waits(helper, 2, 6, 9, 2);
        waits(helper, 3, 0xf0f0_f0f0L, 0x0f0f_0f0fL, 0);
        waits(helper, 0x101, 1L << 40, 1, 1L << 40);
        waits(helper, 0x100, 1L << 40, 1L << 39, (1L << 40) + 1);
    }

    @Test
    void timestampIsTakenWhenEverythingBeforeHasEnded() {
        long before = bench.regs.timer().readNow();
        queue.copy(HOST, DEVICE, 8 << 20);
        long signal = queue.signal();
        queue.put(TimestampPacket.word(false, 0, 0), (ring, base) -> TimestampPacket.encode(ring, base, HOST + 4096, signal));
        queue.ring();
        queue.awaitSignal(signal);
        long stamp = context.host.get(U64, 4096);
        assertThat(stamp).isBetween(before + (8 << 20) / 48, bench.regs.timer().readNow());
    }

    @Test
    void theQueueInterruptFollowsEachSignalAndModerationJoinsThem() {
        queue.disable();
        queue.clearRing();
        queue.readIndex.fill((byte) 0);
        int flags = QueueRegs.Control.withVector(QueueRegs.Control.withInterrupt(0, true), 12);
        queue.enable(flags);
        for (int i = 0; i < 3; i++) {
            queue.awaitSignal(queue.copy(true, HOST, DEVICE, 64));
            assertThat(bench.host.interrupts(12)).isEqualTo(i + 1);
        }
        queue.disable();
        queue.clearRing();
        queue.readIndex.fill((byte) 0);
        queue.regs.writeBinding(QueueRegs.Binding.withModeration(0, 500));
        queue.enable(flags);
        for (int i = 0; i < 10; i++) {
            queue.awaitSignal(queue.copy(true, HOST, DEVICE, 64));
        }
        bench.sleep(2_000_000);
        assertThat(bench.host.interrupts(12) - 3).isBetween(2, 4);
    }

    /** A client may have set the queue up anew since it rang: what it rang for before must not count in the new one. */
    @Test
    void aReminderHasAQueueLookAndSaysNoMore() {
        queue.awaitSignal(queue.copy(HOST, DEVICE, 64));
        queue.awaitSignal(queue.copy(HOST, DEVICE, 64));
        try (SharedBars shared = bench.ppu.share().orElseThrow()) {
            queue.disable();
            queue.clearRing();
            queue.readIndex.fill((byte) 0);
            queue.enable(0);
            long silent = queue.signal();
            queue.put(CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM),
                    (ring, base) -> CopyPacket.encode(ring, base, 0, HOST, DEVICE, 64, silent));
            bench.world.exclusively(() -> shared.doorbells().remind(0));
            queue.awaitSignal(silent);
            queue.ring();
            queue.awaitSignal(queue.copy(HOST, DEVICE, 64));
            assertThat(queue.error()).as("the first ring of the new queue is no step back").isEqualTo(QueueError.NONE);
        }
    }

    @Test
    void aDoorbellThatGoesBackStopsASingleProducerQueueOnly() {
        queue.awaitSignal(queue.copy(HOST, DEVICE, 64));
        queue.awaitSignal(queue.copy(HOST, DEVICE, 64));
        bench.doorbells.queue(0).writeRing(0);
        bench.await("error", () -> queue.state() == QueueState.ERROR);
        assertThat(queue.error()).isEqualTo(QueueError.DOORBELL_BACK);
        TestQueue many = context.queue(1);
        many.enable(QueueRegs.Control.withMultiProducer(0, true));
        many.awaitSignal(many.copy(HOST, DEVICE, 64));
        bench.doorbells.queue(1).writeRing(-1000);
        many.awaitSignal(many.copy(HOST, DEVICE, 64));
    }

    @Test
    void aRingThatCannotBeReachedOrIsBadlyProgrammedIsAnError() {
        QueueRegs regs = bench.regs.queue(2);
        for (int log2 : new int[]{0, 1, 17, 31}) {
            regs.writeBase(queue.ringIova);
            regs.writeControl(QueueRegs.Control.withEnable(QueueRegs.Control.withLog2Packets(0, log2), true));
            bench.await("error", () -> QueueError.of(QueueRegs.Status.error(regs.readStatus())) == QueueError.RING_FAULT);
            regs.writeControl(0);
            bench.await("disabled", () -> regs.readStatus() == 0);
        }
        regs.writeBase(0x3333_0000L);
        regs.writeControl(QueueRegs.Control.withEnable(QueueRegs.Control.withLog2Packets(0, 4), true));
        bench.await("error", () -> QueueError.of(QueueRegs.Status.error(regs.readStatus())) == QueueError.RING_FAULT);
        assertThat(queue.state()).isEqualTo(QueueState.IDLE);
    }

    @Test
    void disablingLetsPacketsInFlightEndAndZeroesTheReadIndex() {
        long copy = queue.copy(HOST, DEVICE, 8 << 20);
        bench.await("taken", () -> queue.regs.readReadIndex() == 1);
        queue.regs.writeControl(0);
        queue.regs.writeControl(QueueRegs.Control.withEnable(QueueRegs.Control.withLog2Packets(0, queue.log2), true));
        assertThat(queue.value(copy)).isEqualTo(1);
        queue.awaitSignal(copy);
        bench.await("enabled again", () -> queue.state() == QueueState.IDLE && queue.regs.readReadIndex() == 0);
    }

    private void waits(TestQueue helper, int control, long reference, long unmet, long met) {
        long address = HOST + 0x3000;
        context.host.set(U64, 0x3000, unmet);
        long signal = queue.signal();
        queue.put(WaitValuePacket.word(false, 2, 0),
                (ring, base) -> WaitValuePacket.encode(ring, base, control, address, reference, signal));
        queue.ring();
        bench.sleep(200_000);
        assertThat(queue.value(signal)).as("control 0x%x", control).isEqualTo(1);
        int wide = control & WaitValuePacket.FLAG_64_BIT;
        helper.put(WriteValuePacket.word(false, 0, 2), (ring, base) -> WriteValuePacket.encode(ring, base, wide, address, met, 0));
        helper.ring();
        queue.awaitSignal(signal);
    }

    private void fill(int element, long pattern, long offset, int elements) {
        int bytes = element * elements;
        queue.awaitSignal(queue.copy(true, HOST + (1 << 20), DEVICE + offset, bytes + 64));
        MemorySegment before = context.host.asSlice(1 << 20, bytes + 64);
        QueueTest.fill(before, element);
        queue.awaitSignal(queue.copy(true, HOST + (1 << 20), DEVICE + offset, bytes + 64));
        long signal = queue.signal();
        queue.put(FillPacket.word(true, 0, 0),
                (ring, base) -> FillPacket.encode(ring, base, element, pattern, DEVICE + offset, elements, signal));
        queue.ring();
        queue.awaitSignal(signal);
        queue.awaitSignal(queue.copy(true, DEVICE + offset, HOST + (2 << 20), bytes + 64));
        MemorySegment after = context.host.asSlice(2 << 20, bytes + 64);
        for (int i = 0; i < bytes; i++) {
            assertThat(after.get(ValueLayout.JAVA_BYTE, i)).isEqualTo((byte) (pattern >>> i % element * 8));
        }
        assertThat(after.asSlice(bytes).mismatch(before.asSlice(bytes))).isEqualTo(-1);
    }

    private static ObjLongConsumer<MemorySegment> dispatch(int[] shape, int shared, long kernel) {
        return (ring, base) -> {
            KernelDispatchPacket.encodeShape(ring, base, shape[0], shape[1], shape[2], shape[3], shape[4], shape[5], shared);
            KernelDispatchPacket.encodeAddresses(ring, base, kernel, DEVICE, 0);
        };
    }

    private void refusedWith(int word, ObjLongConsumer<MemorySegment> body, int offset, int value) {
        refused(word, (ring, base) -> {
            body.accept(ring, base);
            ring.set(U32, base + offset, value);
        });
    }

    /** The packet is refused by name, its index is told, its signal fails, and the queue works again afterwards. */
    private void refused(int word, ObjLongConsumer<MemorySegment> body) {
        long signal = queue.signal();
        queue.put(word, (ring, base) -> {
            ring.set(U64, base + SIGNAL, 0);
            body.accept(ring, base);
            if (ring.get(U64, base + SIGNAL) == 0) {
                ring.set(U64, base + SIGNAL, signal);
            }
        });
        queue.ring();
        bench.await("refusal of 0x%08x".formatted(word), () -> queue.state() == QueueState.ERROR);
        assertThat(queue.error()).as("0x%08x", word).isEqualTo(QueueError.INVALID_PACKET);
        assertThat(queue.regs.readErrorPacket()).isZero();
        queue.disable();
        queue.clearRing();
        queue.readIndex.fill((byte) 0);
        queue.enable();
    }
}
