package dev.openppu.hal.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.irq.Wakeup;
import dev.openppu.hal.realtime.HostWaiters.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class HostWaitersTest {
    private final HostWaiters waiters = new HostWaiters();
    private final AtomicInteger wakeUps = new AtomicInteger();

    /** A thread that parks, however often it is woken, until {@code condition} holds. */
    private Thread waiting(AtomicBoolean condition, int vector) throws InterruptedException {
        CountDownLatch announced = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            Waiter waiter = new Waiter(Thread.currentThread(), condition::get, vector, LinkRuntime.NEVER);
            waiters.announce(waiter);
            announced.countDown();
            while (!condition.get()) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(60));
                wakeUps.incrementAndGet();
            }
            waiters.withdraw(waiter);
        });
        announced.await();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }

    private static void ends(Thread thread) throws InterruptedException {
        thread.join(20_000);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void allWhoHaveWhatTheyWaitForAreWoken() throws InterruptedException {
        AtomicBoolean changed = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>(List.of(waiting(changed, Wakeup.ANY), waiting(changed, Wakeup.ANY), waiting(changed, 3)));
        changed.set(true);
        waiters.wakeDue();
        for (Thread thread : threads) {
            ends(thread);
        }
    }

    @Test
    void anInterruptWakesThoseOfItsVectorAndThoseWhoWaitForAnything() throws InterruptedException {
        AtomicBoolean changed = new AtomicBoolean();
        Thread mine = waiting(changed, 7);
        Thread any = waiting(changed, Wakeup.ANY);
        Thread other = waiting(changed, 8);
        changed.set(true);
        waiters.interrupted(7);
        ends(mine);
        ends(any);
        other.join(50);
        assertThat(other.isAlive()).isTrue();
        waiters.interrupted(8);
        ends(other);
    }

    @Test
    void aWriteToMemoryIsNoInterrupt() throws InterruptedException {
        AtomicBoolean changed = new AtomicBoolean();
        Thread sleeper = waiting(changed, 7);
        Thread any = waiting(changed, Wakeup.ANY);
        changed.set(true);
        waiters.memoryChanged();
        ends(any);
        sleeper.join(50);
        assertThat(sleeper.isAlive()).isTrue();
        waiters.wakeAll();
        ends(sleeper);
    }

    @Test
    void nobodyIsWokenForNothing() throws InterruptedException {
        AtomicBoolean never = new AtomicBoolean();
        Thread thread = waiting(never, Wakeup.ANY);
        for (int i = 0; i < 100; i++) {
            waiters.memoryChanged();
        }
        thread.join(50);
        assertThat(wakeUps).hasValue(0);
        never.set(true);
        waiters.memoryChanged();
        ends(thread);
    }
}
