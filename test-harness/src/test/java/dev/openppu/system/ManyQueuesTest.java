package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.hal.LinkRuntime;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Contexts with streams beyond the hardware queues: a queue without work is lent to who has some. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class ManyQueuesTest {
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;
    private static final int CONTEXTS = 200;
    private static final int THREADS = 8;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void twoHundredContextsWithAStreamEachAllWork(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            List<Stream> streams = new ArrayList<>();
            List<PinnedBuffer> words = new ArrayList<>();
            for (int i = 0; i < CONTEXTS; i++) {
                Context context = ppu.createContext();
                streams.add(context.createStream());
                words.add(context.allocatePinned(8));
            }
            for (int round = 1; round <= 3; round++) {
                for (int i = 0; i < CONTEXTS; i++) {
                    streams.get(i).writeValue32(words.get(i), 0, round * 1000 + i);
                    streams.get(i).copy(words.get(i), 4, words.get(i), 0, 4);
                }
                assertThat(ppu.inventory().queues()).isLessThanOrEqualTo(ppu.info().queues());
                for (int i = 0; i < CONTEXTS; i++) {
                    streams.get(i).synchronize();
                    assertThat(words.get(i).segment().get(U32, 4)).isEqualTo(round * 1000 + i);
                }
            }
            streams.forEach(stream -> stream.context().close());
            assertThat(ppu.inventory().queues()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void manyThreadsAndContextsTakeTurns(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            List<Runnable> bodies = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                List<Stream> own = new ArrayList<>();
                for (int j = 0; j < 12; j++) {
                    own.add(ppu.createContext().createStream());
                }
                bodies.add(() -> work(own));
            }
            Devices.sideBySide(ppu.link(), bodies);
        }
    }

    private static void work(List<Stream> streams) {
        byte[] back = new byte[256];
        for (int round = 0; round < 3; round++) {
            for (Stream stream : streams) {
                try (DeviceBuffer buffer = stream.context().allocate(256)) {
                    byte value = (byte) (round * 16 + stream.context().id());
                    stream.fill8(buffer, 0, value, 256);
                    stream.copyToHost(MemorySegment.ofArray(back), buffer, 0);
                    assertThat(back).containsOnly(value);
                }
            }
        }
    }

    /** More packets than slots, before and after each time that the queue was lent, and marks of before stay reached. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aStreamGoesOnWhereItWasWhenItsQueueComesBack(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Context lender = ppu.createContext();
            Stream stream = lender.createStream(StreamOptions.defaults().withLog2Packets(3));
            PinnedBuffer words = lender.allocatePinned(4096);
            Event first = lender.createEvent(EventFlag.DISABLE_TIMING);
            int written = 0;
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < 5 + 7 * round; i++) {
                    stream.writeValue32(words, 4L * written, ++written);
                }
                if (round == 0) {
                    stream.record(first);
                }
                stream.synchronize();
                List<Context> others = holdAll(ppu);
                assertThat(stream.idle()).isTrue();
                assertThat(first.reached()).isTrue();
                others.forEach(Context::close);
            }
            for (int i = 0; i < written; i++) {
                assertThat(words.segment().get(U32, 4L * i)).isEqualTo(i + 1);
            }
            try (Stream behind = lender.createStream()) {
                behind.waitFor(first);
                behind.synchronize();
            }
        }
    }

    /** Takes every queue of the device, and holds it. */
    private static List<Context> holdAll(Ppu ppu) {
        List<Context> holders = new ArrayList<>();
        for (int i = 0; i < ppu.info().queues(); i++) {
            Context context = ppu.createContext();
            holders.add(context);
            new Gate(context).hold(context.createStream());
        }
        return holders;
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whenAllHaveWorkASubmissionWaitsItsTimeAndSaysWhoHoldsThem(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Context late = ppu.createContext();
            Stream stream = late.createStream(StreamOptions.defaults().withSubmitTimeout(Duration.ofMillis(20)));
            PinnedBuffer word = late.allocatePinned(4);
            List<Context> holders = holdAll(ppu);
            PpuException refusal = catchThrowableOfType(PpuException.class, () -> stream.writeValue32(word, 0, 1));
            assertThat(refusal.hgresult().number()).isEqualTo(701);
            assertThat(refusal).hasMessageContaining("all 64 hardware queues are taken").hasMessageContaining(
                    "1 by streams of context " + holders.getFirst().id());
            assertThatThrownBy(() -> ppu.createContext().createStream()).hasMessageContaining("all 64 hardware queues are taken");
            holders.get(5).close();
            stream.writeValue32(word, 0, 2);
            stream.synchronize();
            assertThat(word.segment().get(U32, 0)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whoWaitsForAQueueIsServedInOrderAndMayGiveUp(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            LinkRuntime runtime = ppu.link().runtime();
            List<Stream> late = new ArrayList<>();
            List<PinnedBuffer> words = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                late.add(ppu.createContext().createStream());
                words.add(late.getLast().context().allocatePinned(4));
            }
            List<Context> holders = holdAll(ppu);
            List<Integer> served = Collections.synchronizedList(new ArrayList<>());
            List<LinkRuntime.Worker> workers = new ArrayList<>();
            List<Throwable> cancelled = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < late.size(); i++) {
                int number = i;
                workers.add(runtime.start("late-" + i, () -> {
                    try {
                        late.get(number).waitValue32(words.get(number), 0, dev.openppu.driver.Compare.EQUAL, 9); // keeps the queue
                        served.add(number);
                    } catch (RuntimeException e) {
                        cancelled.add(e);
                    }
                }));
                runtime.sleep(5_000_000);
            }
            workers.get(1).interrupt();
            assertThat(workers.get(1).join(LinkRuntime.NEVER)).isTrue();
            assertThat(cancelled).hasSize(1);
            for (int i = 0; i < 3; i++) {
                int expected = i + 1;
                holders.get(i).close();
                runtime.await(() -> served.size() >= expected, runtime.deadline(10_000_000_000L));
                assertThat(served).hasSize(expected);
            }
            assertThat(served).containsExactly(0, 2, 3);
        }
    }
}
