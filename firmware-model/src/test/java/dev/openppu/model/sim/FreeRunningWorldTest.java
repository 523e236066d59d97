package dev.openppu.model.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitInterruptedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FreeRunningWorldTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void eventsRunWhenTheyAreDueInTheOrderOfTheirTimes() {
        try (FreeRunningWorld world = new FreeRunningWorld(1)) {
            List<String> order = new ArrayList<>();
            long begin = world.nanos();
            world.exclusively(() -> {
                world.after(20_000_000, "b", () -> order.add("b"));
                world.after(1_000_000, "a", () -> order.add("a"));
                world.after(20_000_000, "c", () -> order.add("c"));
            });
            assertThat(world.runtime().await(() -> world.exclusively(() -> order.size() == 3), world.nanos() + 10 * SECOND)).isTrue();
            assertThat(world.nanos() - begin).isGreaterThanOrEqualTo(20_000_000);
            assertThat(order).containsExactly("a", "b", "c");
        }
    }

    @Test
    void deviceCodeNeverRunsTwiceAtATime() {
        try (FreeRunningWorld world = new FreeRunningWorld(1)) {
            int[] unprotected = new int[1];
            AtomicInteger ended = new AtomicInteger();
            for (int t = 0; t < 4; t++) {
                world.runtime().start("w" + t, () -> {
                    for (int i = 0; i < 5_000; i++) {
                        world.exclusively(() -> unprotected[0]++);
                        if (i % 10 == 0) {
                            world.after(0, "event", () -> unprotected[0]++);
                        }
                    }
                    ended.incrementAndGet();
                });
            }
            assertThat(world.runtime().await(() -> ended.get() == 4, world.nanos() + 30 * SECOND)).isTrue();
            assertThat(world.runtime().await(() -> world.exclusively(() -> unprotected[0] == 4 * 5_500), world.nanos() + 10 * SECOND))
                    .isTrue();
        }
    }

    @Test
    void aWaiterIsWokenByDeviceActivityAndByWake() {
        try (FreeRunningWorld world = new FreeRunningWorld(1)) {
            AtomicInteger state = new AtomicInteger();
            world.runtime().start("w", () -> {
                world.runtime().await(() -> state.get() == 1, LinkRuntime.NEVER);
                state.set(2);
                world.runtime().wake();
            });
            world.after(2_000_000, "set", () -> {
                state.set(1);
                world.hostMemoryChanged();
            });
            assertThat(world.runtime().await(() -> state.get() == 2, world.nanos() + 10 * SECOND)).isTrue();
        }
    }

    /** Ping-pong between two host threads that only announce what they change: a lost wake-up would cost the recheck's 20 ms each. */
    @Test
    void noWakeUpIsLost() {
        try (FreeRunningWorld world = new FreeRunningWorld(1)) {
            int rounds = 2_000;
            AtomicInteger ball = new AtomicInteger();
            LinkRuntime runtime = world.runtime();
            LinkRuntime.Worker other = runtime.start("w", () -> {
                for (int i = 1; i < 2 * rounds; i += 2) {
                    int mine = i;
                    runtime.await(() -> ball.get() == mine, LinkRuntime.NEVER);
                    ball.set(mine + 1);
                    runtime.wake();
                }
            });
            for (int i = 0; i < 2 * rounds; i += 2) {
                int next = i + 2;
                ball.set(i + 1);
                runtime.wake();
                assertThat(runtime.await(() -> ball.get() == next, world.nanos() + 20 * SECOND)).isTrue();
            }
            assertThat(other.join(world.nanos() + 10 * SECOND)).isTrue();
        }
    }

    @Test
    void whatNobodyAnnouncedIsFoundAllTheSame() {
        try (FreeRunningWorld world = new FreeRunningWorld(1)) {
            AtomicInteger state = new AtomicInteger();
            Thread.ofPlatform().daemon().start(() -> {
                sleepReal(30);
                state.set(1);
            });
            assertThat(world.runtime().await(() -> state.get() == 1, world.nanos() + 10 * SECOND)).isTrue();
        }
    }

    @Test
    void deadlinesAndSleepsEnd() {
        try (FreeRunningWorld world = new FreeRunningWorld(1)) {
            long begin = world.nanos();
            assertThat(world.runtime().await(() -> false, begin + 5_000_000)).isFalse();
            assertThat(world.nanos() - begin).isGreaterThanOrEqualTo(5_000_000);
            world.runtime().sleep(5_000_000);
            assertThat(world.nanos() - begin).isGreaterThanOrEqualTo(10_000_000);
            assertThat(world.runtime().await(() -> true, begin)).as("a condition that holds beats a deadline that has passed").isTrue();
        }
    }

    @Test
    void anInterruptEndsAWait() {
        try (FreeRunningWorld world = new FreeRunningWorld(1)) {
            AtomicReference<String> seen = new AtomicReference<>();
            LinkRuntime.Worker worker = world.runtime().start("w", () -> {
                try {
                    world.runtime().await(() -> false, LinkRuntime.NEVER);
                } catch (WaitInterruptedException e) {
                    seen.set("flag " + Thread.currentThread().isInterrupted());
                }
            });
            world.runtime().sleep(2_000_000);
            worker.interrupt();
            assertThat(worker.join(world.nanos() + 10 * SECOND)).isTrue();
            assertThat(seen).hasValue("flag true");
        }
    }

    @Test
    void anInterruptThatIsHeldBackEndsNoWaitAndComesAfterwards() {
        try (FreeRunningWorld world = new FreeRunningWorld(5)) {
            HeldInterrupt.comesBehindTheHold(world);
        }
    }

    @Test
    void closingReleasesWaitersAndEndsEveryThread() throws InterruptedException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (int i = 0; i < 10; i++) {
            FreeRunningWorld world = new FreeRunningWorld(1);
            CountDownLatch offloaded = new CountDownLatch(1);
            AtomicReference<Throwable> seen = new AtomicReference<>();
            world.offload("work", () -> {
                offloaded.countDown();
                return () -> {};
            });
            world.runtime().start("w", () -> {
                try {
                    world.runtime().await(() -> false, LinkRuntime.NEVER);
                } catch (LinkException e) {
                    seen.set(e);
                    throw e;
                }
            });
            world.after(1_000_000, "again", new Runnable() {
                @Override
                public void run() {
                    world.after(10_000, "again", this);
                }
            });
            assertThat(offloaded.await(10, TimeUnit.SECONDS)).isTrue();
            world.runtime().sleep(2_000_000);
            world.close();
            world.close();
            assertThat(seen.get()).isInstanceOf(LinkException.class).hasMessageContaining("closed");
            assertThatThrownBy(world::enter).isInstanceOf(LinkException.class);
            assertThatThrownBy(() -> world.runtime().sleep(1)).isInstanceOf(LinkException.class);
        }
        Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
        after.removeAll(before);
        after.removeIf(t -> !t.getName().startsWith("w") && !t.getName().startsWith("ppu"));
        assertThat(after).isEmpty();
    }

    @Test
    void aFailingEventIsToldToWhoeverWaits() {
        try (FreeRunningWorld world = new FreeRunningWorld(1)) {
            world.after(1_000_000, "bad", () -> {
                throw new IllegalStateException("on purpose");
            });
            assertThatThrownBy(() -> world.runtime().await(() -> false, world.nanos() + 10 * SECOND)).isInstanceOf(LinkException.class)
                    .hasMessageContaining(
                            "on purpose");
            assertThat(world.failure()).hasValueSatisfying(why -> assertThat(why).contains("on purpose"));
        }
    }

    @Test
    void offloadedWorkRunsOutsideTheExclusionAndItsResultInside() {
        try (FreeRunningWorld world = new FreeRunningWorld(1)) {
            AtomicReference<String> order = new AtomicReference<>("");
            world.enter();
            world.offload("slice", () -> {
                order.set(order.get() + Thread.currentThread().getName());
                return () -> order.set(order.get() + "," + Thread.currentThread().getName());
            });
            long deadline = System.nanoTime() + 10 * SECOND;
            while (order.get().isEmpty() && System.nanoTime() < deadline) {
                sleepReal(1);
            }
            assertThat(order.get()).as("ran although the exclusion was taken").isEqualTo("ppu-model-offload-1");
            world.exit();
            assertThat(world.runtime().await(() -> order.get().endsWith(",ppu-model"), world.nanos() + 10 * SECOND)).isTrue();
        }
    }

    @Test
    void anIdleWaiterLooksRarely() {
        try (FreeRunningWorld world = new FreeRunningWorld(1)) {
            AtomicInteger looks = new AtomicInteger();
            world.runtime().start("w", () -> world.runtime().await(() -> looks.incrementAndGet() < 0, LinkRuntime.NEVER));
            sleepReal(200);
            int before = looks.get();
            sleepReal(500);
            assertThat(looks.get() - before).as("in half a second").isBetween(1, 60);
        }
    }

    private static void sleepReal(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
