package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextOptions;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.SchedulingPolicy;
import dev.openppu.driver.Stream;
import dev.openppu.hal.LinkRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How threads wait in real time. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WaitingSystemTest {
    private static final int WAITERS = 500;

    @ParameterizedTest
    @EnumSource(SchedulingPolicy.class)
    void everyPolicySeesTheEndOfTheWork(SchedulingPolicy policy) {
        try (Ppu ppu = Devices.open(Devices.FREE);
                Context context = ppu.createContext(ContextOptions.defaults().withScheduling(policy));
                Stream stream = context.createStream();
                PinnedBuffer cell = context.allocatePinned(64)) {
            for (int i = 1; i <= 200; i++) {
                stream.writeValue32(cell, 0, i);
                stream.synchronize(Duration.ofSeconds(20));
            }
        }
    }

    /** At whatever moment the interrupt comes: nothing is left. */
    @Test
    void whoIsInterruptedWhileItGivesBackHasGivenBack() {
        try (Ppu ppu = Devices.open(Devices.simulated(1))) {
            for (long nanos = 0; nanos < 100_000; nanos += 500) {
                interruptedWhileItCloses(ppu, nanos);
            }
        }
    }

    private static void interruptedWhileItCloses(Ppu ppu, long nanos) {
        Context context = ppu.createContext();
        Stream stream = context.createStream();
        DeviceBuffer buffer = context.allocate(1 << 20);
        PinnedBuffer pinned = context.allocatePinned(1 << 20);
        stream.fill8(buffer, 0, (byte) 1, 1 << 20);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        LinkRuntime runtime = ppu.link().runtime();
        LinkRuntime.Worker worker = runtime.start("closes", () -> {
            try {
                stream.close();
                pinned.close();
                buffer.close();
                context.close();
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        runtime.sleep(nanos);
        worker.interrupt();
        assertThat(worker.join(runtime.deadline(1_000_000_000L))).isTrue();
        assertThat(thrown.get()).as("interrupted after %d ns", nanos).isNull();
        assertThat(ppu.lost()).isFalse();
        assertThat(ppu.awaitDrained(Duration.ofMillis(1))).as("there is no context any more").isTrue();
    }

    /** More waiters than any pool has carriers: whoever kept one while it waits would keep the others from ending the wait. */
    @Test
    void virtualThreadsThatWaitLeaveTheirCarriersToOthers() throws InterruptedException {
        try (Ppu ppu = Devices.open(Devices.FREE);
                Context context = ppu.createContext();
                PinnedBuffer gate = context.allocatePinned(64);
                DeviceBuffer buffer = context.allocate(64)) {
            Stream held = context.createStream();
            held.waitValue32(gate, 0, Compare.EQUAL, 1);
            held.fill8(buffer, 0, (byte) 1, 64);
            CountDownLatch waiting = new CountDownLatch(WAITERS);
            AtomicInteger ended = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < WAITERS; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    waiting.countDown();
                    held.synchronize();
                    ended.incrementAndGet();
                }));
            }
            assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue(); // all of them ran, so none kept its carrier
            assertThat(ended).hasValue(0);
            Thread.ofVirtual().start(() -> gate.segment().set(java.lang.foreign.ValueLayout.JAVA_INT, 0, 1)).join();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(ended).hasValue(WAITERS);
        }
    }

    /** An interrupt that never comes costs a bounded delay, for threads that sleep too. */
    @Test
    void lostInterruptsCostABoundedDelay() {
        try (Ppu ppu = Devices.open(Devices.FREE);
                Context context = ppu.createContext(ContextOptions.defaults().withScheduling(SchedulingPolicy.BLOCKING_SYNC));
                PinnedBuffer gate = context.allocatePinned(64);
                Stream stream = context.createStream()) {
            int queue = stream.queue();
            for (int i = 1; i <= 5; i++) {
                stream.waitValue32(gate, 0, Compare.EQUAL, i);
                int value = i;
                ppu.link().runtime().start("opens the gate", () -> {
                    ppu.link().runtime().sleep(3_000_000);
                    ppu.link().interrupts().mask(1 + queue); // what was armed is held back from here on
                    gate.segment().set(java.lang.foreign.ValueLayout.JAVA_INT, 0, value);
                });
                stream.synchronize(Duration.ofSeconds(5));
            }
        }
    }
}
