package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.QueueState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Section 5 of docs/device.md: queues and packets. */
class QueueTest {
    static Stream<Bench> worlds() {
        return Stream.of(Bench.simulated(1), Bench.simulated(2), Bench.freeRunning(3));
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void copiesToTheDeviceAndBack(Bench world) {
        try (Bench bench = world.booted()) {
            TestContext context = new TestContext(bench, 1);
            TestQueue queue = context.queue(0).enable();
            MemorySegment source = context.host.asSlice(0x11, 1_000_003);
            fill(source, 7);
            queue.awaitSignal(queue.copy(TestContext.HOST_VA + 0x11, TestContext.DEVICE_VA + 0x3ffff3, source.byteSize()));
            queue.awaitSignal(queue.copy(true, TestContext.DEVICE_VA + 0x3ffff3, TestContext.HOST_VA + 0x20_0007, source.byteSize()));
            assertThat(context.host.asSlice(0x20_0007, source.byteSize()).mismatch(source)).isEqualTo(-1);
            bench.await("idle", () -> queue.state() == QueueState.IDLE);
            assertThat(queue.regs.readReadIndex()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void wrapsAroundWithMorePacketsThanSlots(Bench world) {
        try (Bench bench = world.booted()) {
            TestContext context = new TestContext(bench, 1);
            TestQueue queue = new TestQueue(context, 3, 2).enable();
            long last = 0;
            for (int i = 0; i < 100; i++) {
                int value = i;
                long signal = i == 99 ? queue.signal() : 0;
                last = signal;
                queue.put(WriteValuePacket.word(true, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM),
                        (ring, base) -> WriteValuePacket.encode(ring, base, 0, TestContext.HOST_VA + value * 4L, value + 1000, signal));
                queue.ring();
            }
            queue.awaitSignal(last);
            for (int i = 0; i < 100; i++) {
                assertThat(context.host.get(ValueLayout.JAVA_INT, i * 4L)).isEqualTo(i + 1000);
            }
            assertThat(queue.regs.readReadIndex()).isEqualTo(100);
        }
    }

    static void fill(MemorySegment memory, long seed) {
        byte[] bytes = new byte[(int) memory.byteSize()];
        new Random(seed).nextBytes(bytes);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }
}
