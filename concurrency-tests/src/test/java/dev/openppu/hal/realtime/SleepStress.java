package dev.openppu.hal.realtime;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.openppu.abi.packet.Signal;
import dev.openppu.concurrency.Chunks;
import dev.openppu.hal.irq.Wakeup;
import dev.openppu.hal.realtime.HostWaiters.Waiter;
import dev.openppu.model.pcie.DeviceStores;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Sleep and wake-up: who goes to sleep is woken, or has seen before what it would sleep for. */
public final class SleepStress {
    private SleepStress() {}

    /** A waiter whose condition tells whether it was asked by the host, which is about to sleep, or by the device, which would wake it. */
    static class Sleeper {
        final HostWaiters waiters = new HostWaiters();
        final MemorySegment signal = Chunks.next(Signal.BYTES);
        private volatile boolean woken;
        private boolean asleep;
        private final Waiter waiter;

        Sleeper(int vector) {
            waiter = new Waiter(Thread.currentThread(), this::askedByDevice, vector, Long.MAX_VALUE);
        }

        private boolean signalled() {
            return Signal.acquire(signal, 0) != 0;
        }

        private boolean askedByDevice() {
            if (signalled()) {
                woken = true;
            }
            return false; // so that nobody is unparked, which takes long
        }

        void fallAsleep() {
            waiters.announce(waiter);
            asleep = !signalled();
        }

        int end() {
            return asleep && !woken ? 1 : 0;
        }
    }

    /** The device writes a signal that is looked at without interrupts. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "awake, or woken")
    @Outcome(expect = FORBIDDEN, desc = "asleep for ever: the signal was not seen, and neither was the sleeper")
    @State
    public static class Write extends Sleeper {
        public Write() {
            super(Wakeup.ANY);
        }

        @Actor
        public void device() {
            DeviceStores.store(signal, 0, Signal.BYTES, 1);
            waiters.memoryChanged();
        }

        @Actor
        public void host() {
            fallAsleep();
        }

        @Arbiter
        public void end(I_Result r) {
            r.r1 = end();
        }
    }

    /** The device writes a signal and interrupts. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "awake, or woken")
    @Outcome(expect = FORBIDDEN, desc = "asleep for ever: the signal was not seen, and neither was the sleeper")
    @State
    public static class Interrupt extends Sleeper {
        private static final int VECTOR = 3;

        public Interrupt() {
            super(VECTOR);
            Waiter earlier = new Waiter(Thread.currentThread(), () -> false, VECTOR, Long.MAX_VALUE);
            waiters.announce(earlier); // there is a place for the vector's waiters from now on
            waiters.withdraw(earlier);
        }

        @Actor
        public void device() {
            DeviceStores.store(signal, 0, Signal.BYTES, 1);
            waiters.interrupted(VECTOR);
        }

        @Actor
        public void host() {
            fallAsleep();
        }

        @Arbiter
        public void end(I_Result r) {
            r.r1 = end();
        }
    }

    /** Two threads that go to sleep at once are both woken, and when one has gone the other still is. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "both, then one")
    @Outcome(expect = FORBIDDEN, desc = "a sleeper was lost")
    @State
    public static class TwoSleepers {
        private final WaiterSlots slots = new WaiterSlots();
        private final Waiter first = new Waiter(Thread.currentThread(), () -> false, Wakeup.ANY, Long.MAX_VALUE);
        private final Waiter second = new Waiter(Thread.currentThread(), () -> false, Wakeup.ANY, Long.MAX_VALUE);

        @Actor
        public void one() {
            slots.add(first);
        }

        @Actor
        public void other() {
            slots.add(second);
        }

        @Arbiter
        public void end(II_Result r) {
            slots.forEach(_ -> r.r1++);
            slots.remove(first);
            slots.forEach(waiter -> r.r2 += waiter == second ? 1 : 2);
        }
    }
}
