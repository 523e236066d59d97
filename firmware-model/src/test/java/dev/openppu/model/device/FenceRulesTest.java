package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueState;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors and release fences by the HSA Runtime Programmer's Reference Manual 1.2, section 2.6.4 (packet states), and 1.00 Provisional where it is silent. */
class FenceRulesTest {
    private static final long HOST = TestContext.HOST_VA;
    private static final long END = TestContext.HOST_BYTES;
    private static final int PAGE = 4096;

    private Bench bench;
    private TestContext context;
    private TestQueue queue;

    private void boot(boolean simulated) {
        bench = (simulated ? Bench.simulated(29) : Bench.freeRunning(29)).booted();
        context = new TestContext(bench, 1);
        queue = context.queue(0).enable();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /**
     * "Active": on an error the release fence of the packet's scope is applied all the same, and (1.00 Provisional) the completion signal gets a negative value. So whoever sees that value sees
     * what the packet wrote before it failed.
     */
    @ParameterizedTest
    @CsvSource({"true, 1", "true, 2", "false, 1", "false, 2"})
    void whatAPacketWroteBeforeItFailedIsReleased(boolean simulated, int release) {
        boot(simulated);
        context.host.asSlice(0, 2 * PAGE).fill((byte) 0x5a);
        context.host.asSlice(END - 3L * PAGE, PAGE).fill((byte) 0);
        long signal = queue.signal();
        // two pages of the destination are mapped, what is behind them is not
        queue.put(CopyPacket.word(false, AqlHeader.SCOPE_NONE, release),
                (ring, base) -> CopyPacket.encode(ring, base, 0, HOST, HOST + END - PAGE, 2 * PAGE, signal));
        queue.ring();
        queue.awaitFailure(signal, QueueError.MEMORY_FAULT);
        assertThat(queue.value(signal)).isEqualTo(Signal.FAILED);
        assertThat(context.host.get(ValueLayout.JAVA_BYTE, END - PAGE)).as("the first byte before the fault").isEqualTo((byte) 0x5a);
        assertThat(context.host.get(ValueLayout.JAVA_BYTE, END - 1)).as("the last byte before the fault").isEqualTo((byte) 0x5a);
    }

    /** "Launch" and "error": a packet that cannot be parsed puts the queue in error, and nothing behind it is launched, with or without the barrier bit. */
    @ParameterizedTest
    @CsvSource({"true, 4", "true, 6", "true, 255", "false, 4", "false, 6", "false, 255"})
    void aQueueInErrorLaunchesNothing(boolean simulated, int type) {
        boot(simulated);
        long bad = queue.signal();
        long behind = queue.signal();
        context.host.set(ValueLayout.JAVA_INT, 8192, 0);
        queue.put(AqlHeader.word(type, false, 0, 0, 0), (ring, base) -> BarrierPacket.encode(ring, base, bad));
        queue.put(WriteValuePacket.word(false, 0, 0), (ring, base) -> WriteValuePacket.encode(ring, base, 0, HOST + 8192, 9, behind));
        queue.ring();
        queue.awaitFailure(bad, QueueError.INVALID_PACKET);
        queue.ring();
        bench.sleep(1_000_000);
        assertThat(queue.state()).isEqualTo(QueueState.ERROR);
        assertThat(queue.value(behind)).isEqualTo(1);
        assertThat(context.host.get(ValueLayout.JAVA_INT, 8192)).isZero();
    }
}
