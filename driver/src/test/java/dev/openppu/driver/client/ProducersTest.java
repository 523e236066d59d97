package dev.openppu.driver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuInterruptedException;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.owner.OwnerService;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.irq.Wakeup;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that submit to one queue at once, and a device that the test plays. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProducersTest {
    private static final int WORD = BarrierPacket.andWord(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int LOG2 = 2;

    private final Arena arena = Arena.ofAuto();
    private final ThreadedRuntime runtime = new ThreadedRuntime();
    private final MemorySegment ring = arena.allocate(64L << LOG2, 64);
    private final MemorySegment readIndex = arena.allocate(64, 64);
    private final MemorySegment signal = arena.allocate(64, 64);
    private final List<Long> rings = Collections.synchronizedList(new ArrayList<>());
    private final ContextLink link = new ContextLink(mock(OwnerService.class), runtime, "card",
            new OwnerService.ContextGrant(9, 3, arena.allocate(8, 8)), 1_000_000);
    private final CommandQueue queue = new CommandQueue(link, "queue 5 of context 3",
            new OwnerService.QueueGrant(5, LOG2, ring, readIndex, rings::add, Wakeup.any()), new SignalSlot(signal, 0, 0x7000));
    private final AtomicLong taken = new AtomicLong();
    private volatile boolean ended;

    @AfterEach
    void endTheDevice() {
        ended = true;
    }

    private long submit(long deadline) {
        queue.claim(1, deadline);
        try {
            BarrierPacket.encode(ring, queue.slot(), queue.signalAddress());
            return queue.submit(WORD);
        } finally {
            queue.release();
        }
    }

    /** Takes and completes {@code packets} packets; fails if there are not so many. */
    private void take(int packets) {
        for (int i = 0; i < packets; i++) {
            long index = taken.get();
            long slot = (index & (1 << LOG2) - 1) * AqlHeader.PACKET_BYTES;
            assertThat(AqlHeader.type(AqlHeader.acquire(ring, slot))).isEqualTo(AqlHeader.TYPE_BARRIER_AND);
            AqlHeader.invalidate(ring, slot);
            taken.incrementAndGet();
            Signal.publish(readIndex, 0, index + 1);
            Signal.publish(signal, 0, Long.MAX_VALUE - index - 1);
        }
        runtime.wake();
    }

    private void startDevice() {
        for (long slot = 0; slot < ring.byteSize(); slot += AqlHeader.PACKET_BYTES) {
            AqlHeader.invalidate(ring, slot);
        }
        Thread.ofPlatform().daemon().start(() -> {
            while (!ended) {
                if (taken.get() < queue.submitted()) {
                    long slot = (taken.get() & (1 << LOG2) - 1) * AqlHeader.PACKET_BYTES;
                    if (AqlHeader.type(AqlHeader.acquire(ring, slot)) != AqlHeader.TYPE_INVALID) {
                        take(1);
                    }
                } else {
                    Thread.onSpinWait();
                }
            }
        });
    }

    private void fill() {
        for (int i = 0; i < 4; i++) {
            submit(0);
        }
    }

    private Thread producer(int number, List<Integer> served, long deadline, AtomicReference<Throwable> failure)
            throws InterruptedException {
        int before = runtime.waiting();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                queue.claim(1, deadline);
                served.add(number);
                BarrierPacket.encode(ring, queue.slot(), queue.signalAddress());
                queue.submit(WORD);
                queue.release();
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
        while (runtime.waiting() == before) { // it stands in line
            Thread.sleep(1);
        }
        return thread;
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE + 9, -1, 5, Long.MAX_VALUE})
    void whoWaitsForSpaceHearsOfAnIndexThatCannotBe(long index) throws InterruptedException {
        fill();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread waiting = producer(0, new ArrayList<>(), LinkRuntime.NEVER, failure);
        Signal.publish(readIndex, 0, index);
        runtime.wake();
        waiting.join(10_000);
        assertThat(failure.get()).isInstanceOf(PpuException.class).hasMessageContaining("claims that it took " + index + " packets");
    }

    @Test
    void whoFindsTheRingFullIsServedInTheOrderOfComing() throws InterruptedException {
        fill();
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(producer(i, served, LinkRuntime.NEVER, new AtomicReference<>()));
        }
        for (int i = 0; i < 8; i++) {
            take(1);
            int most = i + 1;
            while (served.size() < most) {
                Thread.sleep(1);
            }
            assertThat(served).hasSize(most);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(served).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void whoeverGivesUpLeavesNothingBehind() throws InterruptedException {
        fill();
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        AtomicReference<Throwable> first = new AtomicReference<>();
        AtomicReference<Throwable> second = new AtomicReference<>();
        AtomicReference<Throwable> third = new AtomicReference<>();
        Thread interrupted = producer(0, served, LinkRuntime.NEVER, first);
        Thread late = producer(1, served, runtime.nanos() + 30_000_000, second);
        Thread patient = producer(2, served, LinkRuntime.NEVER, third);
        interrupted.interrupt();
        interrupted.join();
        late.join();
        assertThat(first.get()).isInstanceOf(PpuInterruptedException.class);
        assertThat(second.get()).isInstanceOf(PpuTimeoutException.class).hasMessageContaining("stayed full");
        assertThat(queue.submitted()).isEqualTo(4);
        take(1);
        patient.join();
        assertThat(served).containsExactly(2);
        assertThat(queue.submitted()).isEqualTo(5);
        take(4);
        assertThat(queue.idle()).isTrue();
    }

    /** Wherever in the line, and in whatever order. */
    @ParameterizedTest
    @ValueSource(strings = {"01", "10", "02", "20", "03", "30", "12", "21", "13", "31", "23", "32", "012", "210", "123", "321", "132",
        "203"})
    void whoStaysInTheLineIsServedInItsOrder(String givingUp) throws InterruptedException {
        fill();
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        List<Integer> staying = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(producer(i, served, LinkRuntime.NEVER, new AtomicReference<>()));
            staying.add(i);
        }
        for (int i : givingUp.chars().map(c -> c - '0').toArray()) {
            threads.get(i).interrupt();
            threads.get(i).join();
            staying.removeIf(number -> number == i);
        }
        take(4);
        for (Thread thread : threads) {
            thread.join(10_000);
        }
        assertThat(served).containsExactlyElementsOf(staying);
        take(staying.size());
        assertThat(queue.idle()).isTrue();
    }

    @Test
    void closingEndsTheWaitsOfAll() throws InterruptedException {
        fill();
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread one = producer(0, served, LinkRuntime.NEVER, failure);
        Thread two = producer(1, served, LinkRuntime.NEVER, failure);
        queue.close();
        one.join();
        two.join();
        assertThat(served).isEmpty();
        assertThat(failure.get()).isInstanceOf(PpuException.class).hasMessageContaining("closed");
    }

    @Test
    void whoComesLaterDoesNotOvertakeWhoWaits() throws InterruptedException {
        fill();
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        runtime.hold(true); // who waits is not told yet that there is space
        Thread waiter = producer(0, served, LinkRuntime.NEVER, new AtomicReference<>());
        take(1);
        Thread late = producer(1, served, LinkRuntime.NEVER, new AtomicReference<>());
        assertThat(served).isEmpty();
        runtime.hold(false);
        waiter.join();
        take(1);
        late.join();
        assertThat(served).containsExactly(0, 1);
    }

    @Test
    void whoComesLaterPassesOnlyIfThereIsSpaceForAllWhoWait() throws InterruptedException {
        fill();
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        runtime.hold(true); // who waits is slow to notice
        Thread waiter = producer(0, served, LinkRuntime.NEVER, new AtomicReference<>());
        take(2);
        submit(0);
        assertThatThrownBy(() -> submit(0)).as("the last slot is the waiter's").isInstanceOf(PpuTimeoutException.class);
        assertThat(served).isEmpty();
        runtime.hold(false);
        waiter.join();
        assertThat(served).containsExactly(0);
        assertThat(queue.submitted()).isEqualTo(6);
        take(4);
        for (int i = 0; i < 4; i++) {
            submit(0);
        }
    }

    @Test
    void manyProducersOnATinyRingLoseNothingAndRingInOrder() throws InterruptedException {
        int producers = 6;
        int each = 400;
        startDevice();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < each; i++) {
                    submit(LinkRuntime.NEVER);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long all = (long) producers * each;
        assertThat(queue.submitted()).isEqualTo(all);
        queue.await(all, LinkRuntime.NEVER);
        assertThat(taken).hasValue(all);
        assertThat(rings).last().isEqualTo(all - 1);
        assertThat(rings).isSorted();
    }

    @Test
    void producersThatMeetWhileTheQueueIsClosedAllEnd() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            ProducersTest fresh = new ProducersTest();
            fresh.closeUnderLoad();
            fresh.endTheDevice();
        }
    }

    private void closeUnderLoad() throws InterruptedException {
        startDevice();
        AtomicLong submitted = new AtomicLong();
        List<RuntimeException> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < 6; p++) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (true) {
                        submit(LinkRuntime.NEVER);
                        submitted.incrementAndGet();
                    }
                } catch (RuntimeException e) {
                    failures.add(e);
                }
            }));
        }
        while (submitted.get() < 200) {
            Thread.onSpinWait();
        }
        queue.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).hasSize(6).allSatisfy(e -> assertThat(e).isInstanceOf(PpuException.class).hasMessageContaining("closed"));
        assertThat(queue.submitted()).as("each counted once").isEqualTo(submitted.get());
    }

    @Test
    void aBatchRingsOnceAndAWaitRingsForIt() {
        for (int i = 0; i < 3; i++) {
            queue.claim(1, 0);
            BarrierPacket.encode(ring, queue.slot(), queue.signalAddress());
            queue.submit(WORD);
            queue.releaseQuietly();
        }
        assertThat(rings).isEmpty();
        queue.flush(3);
        queue.flush(3);
        assertThat(rings).containsExactly(2L);
        queue.claim(1, 0);
        BarrierPacket.encode(ring, queue.slot(), queue.signalAddress());
        queue.submit(WORD);
        queue.releaseQuietly();
        assertThatThrownBy(() -> queue.await(4, runtime.nanos() + 1_000_000)).isInstanceOf(PpuTimeoutException.class);
        assertThat(rings).containsExactly(2L, 3L);
    }

    @Test
    void aFullRingInABatchIsAnnouncedBeforeAnybodyWaits() {
        for (int i = 0; i < 4; i++) {
            queue.claim(1, 0);
            BarrierPacket.encode(ring, queue.slot(), queue.signalAddress());
            queue.submit(WORD);
            queue.releaseQuietly();
        }
        assertThatThrownBy(() -> queue.claim(1, runtime.nanos() + 1_000_000)).isInstanceOf(PpuTimeoutException.class);
        assertThat(rings).containsExactly(3L);
    }

    @Test
    void moreAtOnceThanFitsIsRefused() {
        assertThatThrownBy(() -> queue.claim(5, LinkRuntime.NEVER)).isInstanceOf(PpuException.class)
                .hasMessageContaining("5 packets at once");
        submit(0);
    }

    @Test
    void aSignalThatIsUsedAgainCountsOnAndOldWaitsStayMet() {
        submit(0);
        submit(0);
        take(2);
        long old = queue.signalAt(2);
        queue.close();
        Signal.publish(readIndex, 0, 0);
        CommandQueue next = new CommandQueue(link, "queue 6 of context 3",
                new OwnerService.QueueGrant(6, LOG2, ring, readIndex, rings::add, Wakeup.any()), queue.signal());
        assertThat(Signal.acquire(signal, 0)).isLessThanOrEqualTo(old);
        assertThat(next.completed()).isZero();
        next.claim(1, 0);
        long target = next.submit(WORD);
        next.release();
        assertThat(next.reached(target)).isFalse();
        Signal.publish(signal, 0, Long.MAX_VALUE - 3);
        assertThat(next.reached(target)).isTrue();
        assertThat(queue.completed()).isEqualTo(2);
        assertThat(queue.reached(2)).isTrue();
        assertThat(queue.reached(3)).isFalse();
    }
}
