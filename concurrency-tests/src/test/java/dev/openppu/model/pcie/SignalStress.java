package dev.openppu.model.pcie;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.openppu.abi.packet.Signal;
import dev.openppu.concurrency.Chunks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Completion signals and interrupts: what the device wrote before is there for who has seen them. */
public final class SignalStress {
    private static final int BYTES = 256;
    /** Not one of the chunks, which are zeroed when they are given out again. */
    private static final MemorySegment ONES = Arena.global().allocate(BYTES, Long.BYTES).fill((byte) 1);
    private static final long ONE = 0x0101_0101_0101_0101L;

    private SignalStress() {}

    /** Data by DMA, then the signal. The host has looked at the data before: what it saw then must not stand for what it sees behind the signal. */
    @JCStressTest
    @Outcome(id = "0, [01], [01]", expect = ACCEPTABLE, desc = "no signal yet; the data may be ahead of it")
    @Outcome(id = "1, 1, [01]", expect = ACCEPTABLE, desc = "signal and data")
    @Outcome(expect = FORBIDDEN, desc = "the signal before the data")
    @State
    public static class DataFirst {
        private final MemorySegment host = Chunks.next(BYTES);
        private final MemorySegment signal = Chunks.next(Signal.BYTES);

        @Actor
        public void device() {
            DeviceStores.write(host, 0, ONES, BYTES);
            DeviceStores.store(signal, 0, Signal.BYTES, 1);
        }

        @Actor
        public void host(III_Result r) {
            r.r3 = host.get(ValueLayout.JAVA_LONG, BYTES - Long.BYTES) == ONE ? 1 : 0;
            r.r1 = (int) Signal.acquire(signal, 0);
            r.r2 = host.get(ValueLayout.JAVA_LONG, BYTES - Long.BYTES) == ONE ? 1 : 0;
        }
    }

    /** Data by DMA, then the message. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1"}, expect = ACCEPTABLE, desc = "no interrupt yet; the data may be ahead of it")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "interrupt and data")
    @Outcome(expect = FORBIDDEN, desc = "the interrupt before the data")
    @State
    public static class DataBeforeInterrupt {
        private final MemorySegment host = Chunks.next(BYTES);
        private final InterruptController controller = controller();

        @Actor
        public void device() {
            DeviceStores.write(host, 0, ONES, BYTES);
            controller.arrive(controller.messageAddress(0), controller.messageData(0));
        }

        @Actor
        public void host(II_Result r) {
            r.r1 = (int) controller.delivered(0);
            r.r2 = host.get(ValueLayout.JAVA_LONG, BYTES - Long.BYTES) == ONE ? 1 : 0;
        }
    }

    /** Each message counts once. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both are counted")
    @Outcome(expect = FORBIDDEN, desc = "an interrupt was lost, or counted twice")
    @State
    public static class EachInterruptCounts {
        private final InterruptController controller = controller();

        @Actor
        public void device() {
            controller.arrive(controller.messageAddress(0), controller.messageData(0));
        }

        @Actor
        public void engine() {
            controller.arrive(controller.messageAddress(0), controller.messageData(0));
        }

        @Arbiter
        public void end(I_Result r) {
            r.r1 = (int) controller.delivered(0);
        }
    }

    private static InterruptController controller() {
        InterruptController controller = new InterruptController();
        controller.enable(1);
        return controller;
    }
}
