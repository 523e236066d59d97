package dev.openppu.driver.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.openppu.concurrency.SpinningRuntime;
import java.util.function.BooleanSupplier;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The driver's lock: one at a time, and who waits for it is woken. */
public final class LockStress {
    private LockStress() {}

    /** Two threads count. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both have counted")
    @Outcome(expect = FORBIDDEN, desc = "two held it at once, or what the first did was not there for the second")
    @State
    public static class OneAtATime {
        private final LinkLock lock = new LinkLock(new SpinningRuntime());
        private int count;

        private void count() {
            lock.lock();
            count++;
            lock.unlock();
        }

        @Actor
        public void first() {
            count();
        }

        @Actor
        public void second() {
            count();
        }

        @Arbiter
        public void end(I_Result r) {
            r.r1 = count;
        }
    }

    /** Who finds it held and goes to sleep is woken by who gives it back. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "found it free, or was woken")
    @Outcome(expect = FORBIDDEN, desc = "asleep for ever: who gave it back saw nobody wait")
    @State
    public static class Handover {
        private boolean asleep;
        private volatile boolean woken;
        private final LinkLock lock = new LinkLock(new SpinningRuntime() {
            @Override
            public boolean await(BooleanSupplier condition, long deadlineNanos) {
                asleep |= !condition.getAsBoolean();
                return super.await(condition, deadlineNanos);
            }

            @Override
            public void wake() {
                woken = true;
            }
        });

        public Handover() {
            lock.lock();
        }

        @Actor
        public void holder() {
            lock.unlock();
        }

        @Actor
        public void waiter() {
            lock.lock();
        }

        @Arbiter
        public void end(I_Result r) {
            r.r1 = asleep && !woken ? 1 : 0;
        }
    }
}
