package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueRegs;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One signal that many packets name, submitted with one doorbell: whoever looks at it sees what has completed. */
class SharedSignalTest {
    private static final long HOST = TestContext.HOST_VA;
    private static final long DEVICE = TestContext.DEVICE_VA;
    private static final int VECTOR = 9;
    private static final int PACKETS = 20;

    private Bench bench;
    private TestContext context;
    private TestQueue queue;
    private long shared;
    private long last;

    @BeforeEach
    void boot() {
        bench = Bench.simulated(33).booted();
        context = new TestContext(bench, 1);
        queue = context.queue(0).enable(QueueRegs.Control.withVector(QueueRegs.Control.withInterrupt(0, true), VECTOR));
        shared = queue.signal();
        last = queue.signal();
        Signal.publish(context.host, shared - HOST, 100);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void barriers(int packets, long signal) {
        for (int i = 0; i < packets; i++) {
            queue.put(BarrierPacket.andWord(true, 0, 0), (ring, base) -> BarrierPacket.encode(ring, base, signal));
        }
    }

    private void run() {
        barriers(1, last);
        queue.ring();
        queue.awaitSignal(last);
    }

    @Test
    void countsEveryPacketAndTellsTheHostOnceAStep() {
        barriers(PACKETS, shared);
        run();
        assertThat(queue.value(shared)).isEqualTo(100 - PACKETS);
        assertThat(bench.host.interrupts(VECTOR)).isBetween(1, PACKETS);
    }

    @Test
    void aPacketBehindSeesWhatHasCompletedBeforeIt() {
        barriers(PACKETS, shared);
        queue.put(WaitValuePacket.word(true, 0, 0),
                (ring, base) -> WaitValuePacket.encode(ring, base, WaitValuePacket.FLAG_64_BIT | 1, shared, 100 - PACKETS, 0));
        run();
        assertThat(queue.value(shared)).isEqualTo(100 - PACKETS);
    }

    @Test
    void aValueThatIsWrittenToItStandsBetweenTheCounts() {
        barriers(PACKETS, shared);
        queue.put(WriteValuePacket.word(true, 0, 0),
                (ring, base) -> WriteValuePacket.encode(ring, base, WaitValuePacket.FLAG_64_BIT, shared, 1000, 0));
        barriers(3, shared);
        run();
        assertThat(queue.value(shared)).isEqualTo(997);
    }

    @Test
    void signalsThatTakeTurnsAreCountedApart() {
        long other = queue.signal();
        Signal.publish(context.host, other - HOST, 50);
        for (int i = 0; i < PACKETS / 4; i++) {
            barriers(2, shared);
            barriers(2, other);
        }
        run();
        assertThat(queue.value(shared)).isEqualTo(100 - PACKETS / 2);
        assertThat(queue.value(other)).isEqualTo(50 - PACKETS / 2);
    }

    @Test
    void anEngineFindsTheCountInMemory() {
        barriers(PACKETS, shared);
        queue.put(CopyPacket.word(true, 2, 2), (ring, base) -> CopyPacket.encode(ring, base, 0, shared, HOST + 4096, 8, 0));
        run();
        assertThat(context.host.get(ValueLayout.JAVA_LONG, 4096)).isEqualTo(100 - PACKETS);
    }

    @Test
    void itMayStandInDeviceMemory() {
        queue.put(WriteValuePacket.word(true, 0, 0),
                (ring, base) -> WriteValuePacket.encode(ring, base, WaitValuePacket.FLAG_64_BIT, DEVICE, 100, 0));
        barriers(PACKETS, DEVICE);
        queue.put(CopyPacket.word(true, 2, 2), (ring, base) -> CopyPacket.encode(ring, base, 0, DEVICE, HOST + 4096, 8, 0));
        run();
        assertThat(context.host.get(ValueLayout.JAVA_LONG, 4096)).isEqualTo(100 - PACKETS);
    }

    @Test
    void aPacketThatFailsLeavesMinusOneAndNoCountBehindIt() {
        barriers(PACKETS, shared);
        queue.put(BarrierPacket.andWord(true, 0, 0) | 1 << 16, (ring, base) -> BarrierPacket.encode(ring, base, shared));
        queue.ring();
        queue.awaitFailure(shared, QueueError.INVALID_PACKET);
        assertThat(queue.value(shared)).isEqualTo(Signal.FAILED);
        assertThat(bench.host.interrupts(VECTOR)).isPositive();
    }

    /** What a faulty device would do, for drivers to be tried on. */
    @Test
    void completionsThatComeTwiceAreCountedTwice() {
        bench.faults.repeatCompletions(0, 3);
        barriers(PACKETS, shared);
        run();
        assertThat(queue.value(shared)).isEqualTo(100 - PACKETS - 3);
    }
}
