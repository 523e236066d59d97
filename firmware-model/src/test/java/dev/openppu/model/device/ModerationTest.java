package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.reg.QueueRegs;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Moderation of a queue's interrupt: messages are held back, joined, and never lost. */
class ModerationTest {
    private static final int VECTOR = 7;
    private static final int MICROS = 200;

    static Stream<Bench> worlds() {
        return Stream.of(Bench.simulated(1), Bench.simulated(2), Bench.freeRunning(3));
    }

    private static TestQueue queue(Bench bench, int vector) {
        TestQueue queue = new TestContext(bench, 1).queue(2);
        queue.regs.writeBinding(QueueRegs.Binding.withModeration(0, MICROS));
        return queue.enable(QueueRegs.Control.withVector(QueueRegs.Control.withInterrupt(0, true), vector));
    }

    private static long barrier(TestQueue queue) {
        long signal = queue.signal();
        queue.put(BarrierPacket.andWord(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM),
                (ring, base) -> BarrierPacket.encode(ring, base, signal));
        queue.ring();
        return signal;
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aLateCompletionStillGetsItsMessage(Bench world) {
        try (Bench bench = world.booted()) {
            TestQueue queue = queue(bench, VECTOR);
            for (int i = 0; i < 10; i++) {
                queue.awaitSignal(barrier(queue));
                int before = bench.host.interrupts(VECTOR);
                queue.awaitSignal(barrier(queue));
                int now = bench.host.interrupts(VECTOR);
                if (now == before) {
                    bench.await("the message that was held back", () -> bench.host.interrupts(VECTOR) == before + 1);
                }
                bench.sleep(3L * MICROS * 1000);
                assertThat(bench.host.interrupts(VECTOR)).as("none twice").isLessThanOrEqualTo(before + 1 + (now - before));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void manyCompletionsMakeFewMessages(Bench world) {
        try (Bench bench = world.booted()) {
            TestQueue queue = queue(bench, VECTOR);
            long begun = bench.world.nanos();
            for (int i = 0; i < 400; i++) {
                barrier(queue);
            }
            queue.awaitSignal(barrier(queue));
            bench.sleep(3L * MICROS * 1000);
            long periods = (bench.world.nanos() - begun) / (MICROS * 1000L);
            assertThat(bench.host.interrupts(VECTOR)).isBetween(1, (int) periods + 1);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aMessageHeldBackWhileTheQueueMovesToAnotherVectorGoesThere(Bench world) {
        try (Bench bench = world.booted()) {
            TestQueue queue = queue(bench, VECTOR);
            queue.awaitSignal(barrier(queue));
            queue.awaitSignal(barrier(queue));
            queue.disable();
            queue.clearRing();
            queue.readIndex.fill((byte) 0);
            queue.regs.writeBinding(QueueRegs.Binding.withModeration(0, MICROS));
            queue.enable(QueueRegs.Control.withVector(QueueRegs.Control.withInterrupt(0, true), VECTOR + 1));
            queue.awaitSignal(barrier(queue));
            bench.await("the message of the last completion", () -> bench.host.interrupts(VECTOR + 1) > 0);
        }
    }
}
