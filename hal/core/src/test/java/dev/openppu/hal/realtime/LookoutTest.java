package dev.openppu.hal.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.irq.Wakeup;
import dev.openppu.hal.realtime.HostWaiters.Waiter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads here park without timers, and nobody announces anything. */
@Timeout(60)
class LookoutTest {
    private static final long MILLI = 1_000_000;

    private final HostWaiters waiters = new HostWaiters();
    private final Lookout lookout = new Lookout("lookout", waiters, System::nanoTime);

    @AfterEach
    void end() throws InterruptedException {
        lookout.end();
        for (Thread thread : lookout.threads()) {
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private Waiter arrive(BooleanSupplier condition, long deadline) {
        Waiter waiter = new Waiter(Thread.currentThread(), condition, Wakeup.ANY, deadline);
        waiters.announce(waiter);
        lookout.keepWatch();
        return waiter;
    }

    @Test
    void whatNobodyAnnouncedIsFoundWhileTheWaitIsYoung() {
        for (int i = 0; i < 20; i++) {
            long due = System.nanoTime() + 30 * MILLI;
            Waiter waiter = arrive(() -> System.nanoTime() >= due, LinkRuntime.NEVER);
            while (System.nanoTime() < due) {
                LockSupport.park(this);
            }
            waiters.withdraw(waiter);
            assertThat(System.nanoTime() - due).as("how late").isLessThan(2_000 * MILLI);
        }
    }

    @Test
    void whoHasADeadlineIsWokenBeforeIt() {
        long deadline = System.nanoTime() + 600 * MILLI;
        Waiter waiter = arrive(() -> false, deadline);
        LockSupport.park(this);
        waiters.withdraw(waiter);
        assertThat(deadline - System.nanoTime()).as("left").isPositive();
    }

    @Test
    void itSleepsWhileNobodyWaitsAndComesBack() throws InterruptedException {
        waiters.withdraw(arrive(() -> false, LinkRuntime.NEVER));
        Thread.sleep(100); // in which it has looked once more and fallen asleep
        AtomicInteger looks = new AtomicInteger();
        AtomicBoolean found = new AtomicBoolean();
        Waiter waiter = arrive(() -> looks.incrementAndGet() >= 3 && found.compareAndSet(false, true), LinkRuntime.NEVER);
        while (!found.get()) {
            LockSupport.park(this);
        }
        waiters.withdraw(waiter);
        assertThat(looks).as("looks of the lookout").hasValueGreaterThanOrEqualTo(3);
    }
}
