package dev.openppu.model.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitInterruptedException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SimulatedWorldTest {
    private Set<Thread> threadsBefore;

    @BeforeEach
    void countThreads() {
        threadsBefore = Thread.getAllStackTraces().keySet();
    }

    @AfterEach
    void noThreadIsLeftBehind() {
        Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
        left.removeAll(threadsBefore);
        left.removeIf(t -> !t.getName().startsWith("w"));
        assertThat(left).isEmpty();
    }

    @Test
    void eventsRunInTimeOrderWhileAHostThreadWaits() {
        try (SimulatedWorld world = new SimulatedWorld(1)) {
            List<String> order = new ArrayList<>();
            world.exclusively(() -> {
                world.after(300, "c", () -> order.add("c@" + world.nanos()));
                world.after(100, "a", () -> order.add("a@" + world.nanos()));
                world.after(200, "b", () -> order.add("b@" + world.nanos()));
            });
            assertThat(world.runtime().await(() -> order.size() == 3, LinkRuntime.NEVER)).isTrue();
            assertThat(order).containsExactly("a@100", "b@200", "c@300");
        }
    }

    @Test
    void eventsOfOneInstantRunInAnOrderThatTheSeedDecides() {
        Set<List<Integer>> orders = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            orders.add(orderOfFiveSimultaneousEvents(seed));
            assertThat(orderOfFiveSimultaneousEvents(seed)).isEqualTo(orderOfFiveSimultaneousEvents(seed));
        }
        assertThat(orders).hasSizeGreaterThan(15);
    }

    private static List<Integer> orderOfFiveSimultaneousEvents(int seed) {
        try (SimulatedWorld world = new SimulatedWorld(seed)) {
            List<Integer> order = new ArrayList<>();
            world.enter();
            for (int i = 0; i < 5; i++) {
                int id = i;
                world.after(1000, "e", () -> order.add(id));
            }
            world.runtime().sleep(2000);
            return order;
        }
    }

    @Test
    void aDeadlineEndsAWaitAtItsTime() {
        try (SimulatedWorld world = new SimulatedWorld(3)) {
            LinkRuntime runtime = world.runtime();
            long deadline = runtime.nanos() + 5_000_000_000L;
            assertThat(runtime.await(() -> false, deadline)).isFalse();
            assertThat(world.nanos()).isEqualTo(deadline);
        }
    }

    @Test
    void aConditionThatBecomesTrueEndsAWaitShortlyAfterwards() {
        try (SimulatedWorld world = new SimulatedWorld(3)) {
            AtomicLong set = new AtomicLong();
            world.exclusively(() -> world.after(1_000_000, "set", () -> set.set(world.nanos())));
            assertThat(world.runtime().await(() -> set.get() != 0, LinkRuntime.NEVER)).isTrue();
            assertThat(world.nanos() - set.get()).isBetween(100L, 3_000L);
        }
    }

    @Test
    void exactlyOneThreadRunsAtATime() {
        try (SimulatedWorld world = new SimulatedWorld(11)) {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            int[] unprotected = new int[1];
            List<LinkRuntime.Worker> workers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                workers.add(world.runtime().start("w" + i, () -> {
                    for (int n = 0; n < 200; n++) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        unprotected[0]++;
                        inside.decrementAndGet();
                        world.spend(50);
                    }
                }));
            }
            workers.forEach(w -> assertThat(w.join(LinkRuntime.NEVER)).isTrue());
            assertThat(most).hasValue(1);
            assertThat(unprotected[0]).isEqualTo(1200);
            assertThat(workers).noneMatch(LinkRuntime.Worker::alive);
        }
    }

    @Test
    void theSeedDecidesTheOrderOfThreadsAndTheTraceIsTheSameEveryTime() {
        Set<String> traces = new HashSet<>();
        for (int seed = 0; seed < 10; seed++) {
            String trace = traceOfThreeThreads(seed);
            assertThat(traceOfThreeThreads(seed)).isEqualTo(trace);
            traces.add(trace);
        }
        assertThat(traces).hasSize(10);
    }

    @Test
    void virtualThreadsComeInTheOrderOfPlatformThreads() throws InterruptedException {
        for (int seed = 0; seed < 10; seed++) {
            int same = seed;
            AtomicReference<String> trace = new AtomicReference<>();
            Thread.ofVirtual().start(() -> trace.set(traceOfThreeThreads(same))).join();
            assertThat(trace.get()).isEqualTo(traceOfThreeThreads(seed));
        }
    }

    @Test
    void theHostsOfAWorldOnAVirtualThreadAreVirtual() throws InterruptedException {
        List<Boolean> virtual = new ArrayList<>();
        Runnable life = () -> {
            try (SimulatedWorld world = new SimulatedWorld(1)) {
                world.runtime().start("w", () -> virtual.add(Thread.currentThread().isVirtual())).join(LinkRuntime.NEVER);
            }
        };
        life.run();
        Thread.ofVirtual().start(life).join();
        assertThat(virtual).containsExactly(false, true);
    }

    private static String traceOfThreeThreads(int seed) {
        StringWriter out = new StringWriter();
        try (SimulatedWorld world = new SimulatedWorld(seed, 1, out)) {
            int[] turns = new int[1];
            List<LinkRuntime.Worker> workers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int id = i;
                workers.add(world.runtime().start("w" + i, () -> {
                    for (int n = 0; n < 20; n++) {
                        world.spend(100);
                        world.trace().record("test", "turn", id + ":" + turns[0]++);
                        world.after(70, "echo", () -> turns[0] += 100);
                        if (n % 5 == 0) {
                            world.runtime().sleep(1_000);
                        }
                    }
                }));
            }
            workers.forEach(w -> w.join(LinkRuntime.NEVER));
        }
        return out.toString();
    }

    @Test
    void aDeadlockIsToldToEveryWaiterByName() {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            AtomicReference<Throwable> inWorker = new AtomicReference<>();
            LinkRuntime.Worker worker = world.runtime().start("w-irq", () -> {
                try {
                    world.runtime().await(() -> false, LinkRuntime.NEVER);
                } catch (SimulationDeadlockException e) {
                    inWorker.set(e);
                }
            });
            assertThatThrownBy(() -> world.runtime().await(() -> false, LinkRuntime.NEVER)).isInstanceOf(SimulationDeadlockException.class)
                    .hasMessageContaining("w-irq").hasMessageContaining("host").hasMessageContaining("2 host threads");
            assertThat(worker.join(LinkRuntime.NEVER)).isTrue();
            assertThat(inWorker.get()).isInstanceOf(SimulationDeadlockException.class).hasMessageContaining("w-irq");
        }
    }

    @Test
    void waitingWithADeadlineIsNoDeadlock() {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            world.runtime().start("w", () -> world.runtime().await(() -> false, LinkRuntime.NEVER));
            assertThat(world.runtime().await(() -> false, world.nanos() + 1_000_000)).isFalse();
        }
    }

    @Test
    void closingReleasesEveryWaiterAndEndsTheThreads() {
        SimulatedWorld world = new SimulatedWorld(5);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        LinkRuntime.Worker worker = world.runtime().start("w", () -> {
            try {
                world.runtime().await(() -> false, LinkRuntime.NEVER);
            } catch (LinkException e) {
                seen.set(e);
                throw e;
            }
        });
        world.runtime().sleep(100_000);
        world.close();
        world.close();
        assertThat(worker.alive()).isFalse();
        assertThat(seen.get()).isInstanceOf(LinkException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> world.runtime().sleep(1)).isInstanceOf(LinkException.class);
        assertThatThrownBy(world::enter).isInstanceOf(LinkException.class);
    }

    @Test
    void anInterruptEndsAWaitAndLeavesTheFlagSet() {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            List<String> seen = new ArrayList<>();
            LinkRuntime.Worker worker = world.runtime().start("w", () -> {
                try {
                    world.runtime().await(() -> false, LinkRuntime.NEVER);
                } catch (WaitInterruptedException e) {
                    seen.add("interrupted, flag " + Thread.currentThread().isInterrupted());
                }
            });
            world.runtime().sleep(100_000);
            worker.interrupt();
            assertThat(worker.join(world.nanos() + 1_000_000)).isTrue();
            assertThat(seen).containsExactly("interrupted, flag true");
        }
    }

    @Test
    void anInterruptThatIsHeldBackEndsNoWaitAndComesAfterwards() {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            HeldInterrupt.comesBehindTheHold(world);
        }
    }

    @Test
    void anInterruptFromOutsideTheSimulationEndsAWaitToo() throws InterruptedException {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            Thread main = Thread.currentThread();
            world.runtime().start("w", () -> {
                for (int i = 0; i < 100_000_000; i++) {
                    world.spend(1000);
                }
            });
            Thread outside = Thread.ofPlatform().start(() -> {
                sleepReal(50);
                main.interrupt();
            });
            assertThatThrownBy(() -> world.runtime().await(() -> false, LinkRuntime.NEVER)).isInstanceOf(WaitInterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
            outside.join();
        }
    }

    @Test
    void anUnknownThreadIsAdoptedWhenTheHolderReachesASchedulingPoint() throws InterruptedException {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            AtomicInteger done = new AtomicInteger();
            world.enter();
            Thread stranger = Thread.ofPlatform().name("w-stranger").start(() -> {
                world.spend(100);
                done.set(1);
                world.runtime().await(() -> done.get() == 2, LinkRuntime.NEVER);
                done.set(3);
            });
            while (done.get() == 0) {
                world.spend(100);
            }
            done.set(2);
            assertThat(world.runtime().await(() -> done.get() == 3, world.nanos() + 1_000_000)).isTrue();
            stranger.join();
        }
    }

    @Test
    void theBatonOfAThreadThatEndedIsTakenOver() throws InterruptedException {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            Thread first = Thread.ofPlatform().start(world::enter);
            first.join();
            world.spend(100);
            assertThat(world.nanos()).isPositive();
        }
    }

    @Test
    void aFailingWorkerEndsAloneAndOthersGoOn() {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            LinkRuntime.Worker worker = world.runtime().start("w", () -> {
                throw new IllegalStateException("on purpose");
            });
            assertThat(worker.join(LinkRuntime.NEVER)).isTrue();
            world.runtime().sleep(1000);
        }
    }

    @Test
    void aFailingDeviceEventIsToldToWhoeverWaitsAndWhoeverCallsNext() {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            world.exclusively(() -> world.after(100, "bad", () -> {
                throw new IllegalStateException("on purpose");
            }));
            assertThatThrownBy(() -> world.runtime().await(() -> false, LinkRuntime.NEVER)).isInstanceOf(LinkException.class)
                    .hasMessageContaining("'bad'")
                    .hasMessageContaining("on purpose");
            assertThatThrownBy(world::enter).isInstanceOf(LinkException.class).hasMessageContaining("on purpose");
            assertThat(world.failure()).hasValueSatisfying(why -> assertThat(why).contains("'bad'", "on purpose"));
            long seen = world.runtime().nanos();
            assertThat(world.runtime().nanos()).as("who waits for a time comes to an end").isGreaterThan(seen);
            assertThat(world.hostActor()).isNotEmpty();
        }
    }

    @Test
    void aConditionThatThrowsThrowsAtItsWaiter() {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            AtomicInteger calls = new AtomicInteger();
            world.exclusively(() -> world.after(100, "e", () -> {}));
            assertThatThrownBy(() -> world.runtime().await(() -> {
                if (calls.incrementAndGet() > 2) {
                    throw new IllegalArgumentException("on purpose");
                }
                return false;
            }, world.nanos() + 10_000)).isInstanceOf(IllegalArgumentException.class);
            world.runtime().sleep(10);
        }
    }

    @Test
    void readingTheClockTakesTimeSoThatALoopOverItEnds() {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            LinkRuntime runtime = world.runtime();
            long end = runtime.nanos() + 10_000;
            while (runtime.nanos() < end) {
                Thread.onSpinWait();
            }
            assertThat(world.nanos()).isGreaterThanOrEqualTo(end);
        }
    }

    @Test
    void offloadedWorkAndItsResultRunAsEvents() {
        try (SimulatedWorld world = new SimulatedWorld(5)) {
            List<String> order = new ArrayList<>();
            world.exclusively(() -> world.offload("slice", () -> {
                order.add("work");
                return () -> order.add("result");
            }));
            assertThat(world.runtime().await(() -> order.size() == 2, world.nanos() + 10_000)).isTrue();
            assertThat(order).isEqualTo(Arrays.asList("work", "result"));
        }
    }

    @Test
    void timeScaleStretchesDeadlinesAndSaturates() {
        try (SimulatedWorld world = new SimulatedWorld(5, 10, null)) {
            LinkRuntime runtime = world.runtime();
            assertThat(runtime.scaled(7)).isEqualTo(70);
            assertThat(runtime.scaled(Long.MAX_VALUE / 2)).isEqualTo(Long.MAX_VALUE);
            assertThat(runtime.deadline(Long.MAX_VALUE)).isEqualTo(LinkRuntime.NEVER);
        }
    }

    @Test
    void aThreadFromOutsideMayCloseWhileTheHolderIsBusy() throws InterruptedException {
        SimulatedWorld world = new SimulatedWorld(5);
        world.enter();
        world.runtime().start("w", () -> world.runtime().await(() -> false, LinkRuntime.NEVER));
        CountDownLatch closed = new CountDownLatch(1);
        Thread.ofPlatform().start(() -> {
            world.close();
            closed.countDown();
        });
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> world.spend(1)).isInstanceOf(LinkException.class).hasMessageContaining("closed");
    }

    private static void sleepReal(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
