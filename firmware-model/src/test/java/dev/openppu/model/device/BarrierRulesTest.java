package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Barrier packets and the barrier bit by the HSA Runtime Programmer's Reference Manual 1.2, sections 2.6.3 (barrier packets), 2.6.4 (packet states) and 2.6.5 (fields), and, where it
 * is silent, its revision 1.00 Provisional. Each test runs under the simulated clock and in real time.
 */
class BarrierRulesTest {
    private static final long DEVICE = TestContext.DEVICE_VA;
    private static final long HOST = TestContext.HOST_VA;
    private static final int AND = BarrierPacket.andWord(false, 0, 0);
    private static final int OR = BarrierPacket.orWord(false, 0, 0);
    private static final int LONG_COPY = 8 << 20;
    /** Long beside the pauses between two looks at memory, which are 1.25 ms at most. */
    private static final long HOLD_NANOS = 4_000_000;

    private Bench bench;
    private TestContext context;
    private TestQueue queue;

    private void boot(boolean simulated) {
        bench = (simulated ? Bench.simulated(23) : Bench.freeRunning(23)).booted();
        context = new TestContext(bench, 1);
        queue = context.queue(0).enable();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** 2.6.4, "in queue", barrier bit set. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPacketWithTheBarrierBitLaunchesWhenAllBeforeItHaveCompleted(boolean simulated) {
        boot(simulated);
        long first = queue.copy(HOST, DEVICE, LONG_COPY);
        long second = queue.copy(HOST, DEVICE + LONG_COPY, LONG_COPY / 2);
        write(true, 8192, 77);
        bench.await("the write", () -> context.host.get(ValueLayout.JAVA_INT, 8192) == 77);
        assertThat(queue.value(first)).isZero();
        assertThat(queue.value(second)).isZero();
    }

    /** 2.6.4, "in queue", barrier bit clear: launched when what is before has been launched, not when it has completed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutTheBarrierBitABarrierWaitsForItsSignalsOnly(boolean simulated) {
        boot(simulated);
        long gate = queue.signal();
        long slow = queue.copy(HOST, DEVICE, LONG_COPY);
        long done = barrier(queue, AND, gate);
        set(gate, 0);
        bench.await("the barrier or the copy", () -> queue.value(done) <= 0 || queue.value(slow) <= 0);
        if (simulated) { // a barrier takes some hundred nanoseconds, the copy some hundred thousand
            assertThat(queue.value(slow)).as("the copy before the barrier").isEqualTo(1);
        }
        queue.awaitSignal(done);
        queue.awaitSignal(slow);
    }

    /** 2.6.3: no further packet is launched until the barrier packet is complete, whatever its barrier bit. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingBehindABarrierLaunchesBeforeIt(boolean simulated) {
        boot(simulated);
        for (int word : new int[]{AND, OR}) {
            long gate = queue.signal();
            long done = barrier(queue, word, gate);
            context.host.set(ValueLayout.JAVA_INT, 8192, 0);
            long written = write(false, 8192, 5);
            bench.sleep(HOLD_NANOS);
            assertThat(context.host.get(ValueLayout.JAVA_INT, 8192)).as("behind the barrier").isZero();
            set(gate, 0);
            queue.awaitSignal(done);
            queue.awaitSignal(written);
            assertThat(context.host.get(ValueLayout.JAVA_INT, 8192)).isEqualTo(5);
        }
    }

    /** 2.6.3: not all at the same time; and all of the five are looked at. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dependenciesNeedNotBeMetAtTheSameTime(boolean simulated) {
        boot(simulated);
        long[] signals = new long[BarrierPacket.DEPENDENCIES];
        for (int i = 0; i < signals.length; i++) {
            signals[i] = queue.signal();
        }
        long done = barrier(queue, AND, signals);
        bench.await("waiting", () -> queue.state() == QueueState.WAITING);
        for (int i = 0; i < signals.length; i++) {
            bench.sleep(HOLD_NANOS);
            assertThat(queue.value(done)).as("%d of 5 met", i).isEqualTo(1);
            set(signals[i], 0);
            bench.sleep(HOLD_NANOS);
            if (simulated && i < signals.length - 1) { // in real time nobody knows whether the device has looked meanwhile
                set(signals[i], 3);
            }
        }
        queue.awaitSignal(done);
    }

    /** 2.6.3: observed after the barrier packet was launched. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasZeroBeforeTheLaunchDoesNotCount(boolean simulated) {
        boot(simulated);
        long gate = queue.signal();
        long early = queue.signal();
        long first = barrier(queue, AND, gate);
        set(early, 0);
        long second = barrier(queue, AND, early);
        bench.sleep(HOLD_NANOS);
        set(early, 1);
        set(gate, 0);
        queue.awaitSignal(first);
        bench.sleep(HOLD_NANOS);
        assertThat(queue.value(second)).isEqualTo(1);
        set(early, 0);
        queue.awaitSignal(second);
    }

    /** 2.6.3, barrier-OR; absent dependencies beside it are not met ones (2.6.5, dep_signal). */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anyDependencyEndsABarrierOr(boolean simulated) {
        boot(simulated);
        long a = queue.signal();
        long b = queue.signal();
        long done = barrier(queue, OR, 0, a, 0, b, 0);
        bench.sleep(HOLD_NANOS);
        assertThat(queue.value(done)).isEqualTo(1);
        set(b, 0);
        queue.awaitSignal(done);
    }

    /** 2.6.5, dep_signal: a handle of 0 is satisfied to barrier-AND, not satisfied to barrier-OR. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBarrierOrWithoutSignalsIsNeverMet(boolean simulated) {
        boot(simulated);
        queue.awaitSignal(barrier(queue, AND));
        long never = barrier(queue, OR);
        bench.await("held", () -> hold(queue) == QueueHold.DEPENDENCY);
        bench.sleep(20 * HOLD_NANOS);
        assertThat(queue.value(never)).isEqualTo(1);
        assertThat(hold(queue)).isEqualTo(QueueHold.DEPENDENCY);
        queue.disable();
        assertThat(queue.value(never)).as("dropped").isEqualTo(Signal.FAILED);
    }

    /** 1.00 Provisional, "Barrier packet": a negative dependency completes the barrier, whose completion signal gets an error value; later revisions speak of 0 only. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNegativeDependencyEndsABarrierWithAnError(boolean simulated) {
        boot(simulated);
        for (int word : new int[]{AND, OR}) {
            long pending = queue.signal();
            long failing = queue.signal();
            long done = barrier(queue, word, pending, failing);
            bench.sleep(HOLD_NANOS);
            assertThat(queue.value(done)).isEqualTo(1);
            set(failing, -5);
            bench.await("the barrier", () -> queue.value(done) <= 0);
            assertThat(queue.value(done)).isEqualTo(Signal.FAILED);
            long next = barrier(queue, AND);
            queue.awaitSignal(next);
            long chained = barrier(queue, AND, done);
            bench.await("a barrier behind the failed one", () -> queue.value(chained) <= 0);
            assertThat(queue.value(chained)).as("the failure goes on to who waits for it").isEqualTo(Signal.FAILED);
        }
        long failed = queue.signal();
        long met = queue.signal();
        set(failed, -1);
        set(met, 0);
        queue.awaitSignal(barrier(queue, OR, failed, met));
    }

    private long barrier(TestQueue on, int word, long... dependencies) {
        long done = on.signal();
        on.put(word, (ring, base) -> {
            BarrierPacket.encode(ring, base, done);
            for (int i = 0; i < dependencies.length; i++) {
                BarrierPacket.dependency(ring, base, i, dependencies[i]);
            }
        });
        on.ring();
        return done;
    }

    private long write(boolean barrier, long offset, int value) {
        long done = queue.signal();
        queue.put(WriteValuePacket.word(barrier, 0, 0), (ring, base) -> WriteValuePacket.encode(ring, base, 0, HOST + offset, value, done));
        queue.ring();
        return done;
    }

    private void set(long signal, long value) {
        Signal.publish(context.host, signal - HOST, value);
    }

    private static QueueHold hold(TestQueue of) {
        return QueueHold.of(QueueRegs.Status.hold(of.regs.readStatus()));
    }
}
