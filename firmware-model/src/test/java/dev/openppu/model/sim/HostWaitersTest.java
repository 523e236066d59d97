package dev.openppu.model.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class HostWaitersTest {
    private final HostWaiters waiters = new HostWaiters();

    @Test
    void whoHasAnnouncedItselfIsWokenEvenBeforeItParks() throws InterruptedException {
        CountDownLatch announced = new CountDownLatch(2);
        CountDownLatch woken = new CountDownLatch(2);
        AtomicBoolean changed = new AtomicBoolean();
        for (int i = 0; i < 2; i++) {
            Thread.ofPlatform().daemon().start(() -> {
                waiters.announce(Thread.currentThread());
                announced.countDown();
                while (!changed.get()) {
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(60));
                }
                waiters.withdraw(Thread.currentThread());
                woken.countDown();
            });
        }
        announced.await();
        changed.set(true);
        waiters.wakeAll();
        assertThat(woken.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aSingleWaiterIsWoken() throws InterruptedException {
        CountDownLatch announced = new CountDownLatch(1);
        AtomicBoolean changed = new AtomicBoolean();
        Thread waiter = Thread.ofPlatform().daemon().start(() -> {
            waiters.announce(Thread.currentThread());
            announced.countDown();
            while (!changed.get()) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(60));
            }
        });
        announced.await();
        changed.set(true);
        waiters.wakeAll();
        waiter.join(20_000);
        assertThat(waiter.isAlive()).isFalse();
    }
}
