package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.PriorityRange;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any number of streams over a few hardware queues: order, independence, limits. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class ChannelSystemTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static void with(String uri, int connections, java.util.function.Consumer<Ppu> body) {
        try (DeviceLink link = Links.open(uri);
                Ppu ppu = Ppu.open(link, PpuOptions.builder().maxConnections(connections).noDumps().build())) {
            body.accept(ppu);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void streamsShareAFewQueuesAndEachKeepsItsOrder(String uri) {
        with(uri, 3, ppu -> {
            try (Context context = ppu.createContext(); PinnedBuffer results = context.allocatePinned(8L * 100)) {
                List<Stream> streams = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    streams.add(context.createStream());
                }
                assertThat(ppu.inventory().queues()).isEqualTo(3);
                for (int round = 1; round <= 5; round++) {
                    for (int i = 0; i < 100; i++) {
                        streams.get(i).writeValue64(results, 8L * i, 10L * i + round);
                    }
                }
                streams.forEach(Stream::synchronize);
                for (int i = 0; i < 100; i++) {
                    assertThat(results.segment().get(ValueLayout.JAVA_LONG, 8L * i)).isEqualTo(10L * i + 5);
                }
                streams.forEach(Stream::close);
                assertThat(ppu.inventory().queues()).isZero();
            }
        });
    }

    /** Every stream waits for a value that the host gives in another order: whoever shared a queue with a waiting one would wait for ever. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aStreamThatWaitsForTheHostHoldsUpNobodyElse(String uri) {
        with(uri, 2, ppu -> {
            try (Context context = ppu.createContext(); PinnedBuffer gates = context.allocatePinned(4096)) {
                List<Stream> streams = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    streams.add(context.createStream());
                }
                for (int i = 0; i < 40; i++) {
                    streams.get(i).writeValue32(gates, 1024 + 4L * i, 1);
                    streams.get(i).waitValue32(gates, 4L * i, Compare.EQUAL, 1);
                    streams.get(i).writeValue32(gates, 2048 + 4L * i, 1);
                }
                try (Stream late = context.createStream()) { // comes while all others wait
                    late.writeValue32(gates, 4000, 7);
                    late.synchronize(SOON);
                }
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    order.add(i);
                }
                Collections.shuffle(order, new Random(5));
                for (int i : order) {
                    assertThat(streams.get(i).idle()).isFalse();
                    gates.segment().set(ValueLayout.JAVA_INT, 4L * i, 1);
                    streams.get(i).synchronize(SOON);
                    assertThat(gates.segment().get(ValueLayout.JAVA_INT, 1024 + 4L * i)).isEqualTo(1);
                    assertThat(gates.segment().get(ValueLayout.JAVA_INT, 2048 + 4L * i)).isEqualTo(1);
                }
            }
        });
    }

    /** One stream's wait ends by another's write, submitted later; an event carries the wait to a third, which shares a queue with a fourth. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void waitsForOtherStreamsAreNoDeadlockEvenWithOneConnection(String uri) {
        with(uri, 1, ppu -> {
            try (Context context = ppu.createContext();
                    PinnedBuffer cell = context.allocatePinned(64);
                    Stream waits = context.createStream();
                    Stream writes = context.createStream();
                    Stream follows = context.createStream();
                    Stream free = context.createStream();
                    Event passed = context.createEvent(EventFlag.DISABLE_TIMING)) {
                waits.waitValue64(cell, 0, Compare.GREATER_OR_EQUAL, 5);
                waits.record(passed);
                follows.waitFor(passed);
                follows.writeValue64(cell, 8, 1);
                free.writeValue64(cell, 16, 1);
                free.synchronize(SOON);
                assertThat(follows.idle()).isFalse();
                writes.writeValue64(cell, 0, 5);
                follows.synchronize(SOON);
                assertThat(cell.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(1);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void eventsOrderStreamsAcrossQueuesThroughManyTurns(String uri) {
        with(uri, 4, ppu -> {
            try (Context context = ppu.createContext();
                    DeviceBuffer cells = context.allocate(64);
                    PinnedBuffer back = context.allocatePinned(64)) {
                StreamOptions tiny = StreamOptions.defaults().withLog2Packets(3);
                List<Stream> ring = new ArrayList<>();
                List<Event> marks = new ArrayList<>();
                for (int i = 0; i < 7; i++) {
                    ring.add(context.createStream(tiny));
                    marks.add(context.createEvent(EventFlag.DISABLE_TIMING));
                }
                for (int i = 0; i < 210; i++) { // a token that goes from stream to stream, written over by each
                    Stream stream = ring.get(i % 7);
                    if (i > 0) {
                        stream.waitFor(marks.get((i - 1) % 7));
                    }
                    stream.fill32(cells, 4L * (i % 16), i, 1);
                    stream.copy(cells, 4L * ((i + 1) % 16), cells, 4L * (i % 16), 4);
                    stream.record(marks.get(i % 7));
                }
                ring.get(209 % 7).copy(back, 0, cells, 0, 64);
                context.synchronize();
                assertThat(back.segment().get(ValueLayout.JAVA_INT, 4L * (209 % 16))).isEqualTo(209);
                assertThat(back.segment().get(ValueLayout.JAVA_INT, 4L * (210 % 16))).isEqualTo(209);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void eventsSayWhatIsPublished(String uri) {
        with(uri, 8, ppu -> {
            try (Context context = ppu.createContext();
                    PinnedBuffer gate = context.allocatePinned(64);
                    Stream stream = context.createStream();
                    Event never = context.createEvent();
                    Event untimed = context.createEvent(EventFlag.DISABLE_TIMING, EventFlag.BLOCKING_SYNC);
                    Event begin = context.createEvent();
                    Event end = context.createEvent()) {
                assertThat(never.query()).isEqualTo(HgResult.SUCCESS);
                never.synchronize();
                stream.record(begin);
                stream.waitValue32(gate, 0, Compare.EQUAL, 1);
                stream.record(end);
                stream.record(untimed);
                assertThat(untimed.query()).isEqualTo(HgResult.NOT_READY);
                refused(HgResult.NOT_READY, () -> end.millisSince(begin));
                refused(HgResult.INVALID_HANDLE, () -> end.millisSince(never));
                refused(HgResult.INVALID_HANDLE, () -> untimed.millisSince(begin));
                begin.synchronize(); // a busy machine's device may come to it late: the time between the two counts from there
                ppu.link().runtime().sleep(3_000_000);
                gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
                untimed.synchronize();
                assertThat(end.millisSince(begin)).isBetween(3.0f, 20_000f);
                assertThat(begin.millisSince(end)).isNegative();
                refused(HgResult.INVALID_VALUE, () -> context.createEvent(EventFlag.INTERPROCESS));
            }
        });
    }

    private static void refused(HgResult result, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(PpuException.class, e -> assertThat(e.hgresult()).isEqualTo(result));
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aStreamWaitsForAnotherContextsEventAndGoesOnWhenThatContextIsGone(String uri) {
        with(uri, 8, ppu -> {
            Context other = ppu.createContext();
            try (Context context = ppu.createContext();
                    PinnedBuffer here = context.allocatePinned(64);
                    Stream stream = context.createStream()) {
                PinnedBuffer gate = other.allocatePinned(64);
                Stream theirs = other.createStream();
                Event event = other.createEvent(EventFlag.DISABLE_TIMING);
                theirs.waitValue32(gate, 0, Compare.EQUAL, 1);
                theirs.record(event);
                stream.waitFor(event);
                stream.writeValue32(here, 0, 1);
                assertThat(stream.idle()).isFalse();
                gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
                stream.synchronize(SOON);
                theirs.waitValue32(gate, 0, Compare.EQUAL, 2);
                theirs.record(event);
                stream.waitFor(event);
                stream.writeValue32(here, 0, 2);
                assertThat(stream.idle()).isFalse();
                other.close();
                stream.synchronize(SOON);
                assertThat(here.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(2);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aBatchIsAnnouncedWhenItEndsOrSomebodyWaits(String uri) {
        with(uri, 2, ppu -> {
            try (Context context = ppu.createContext();
                    PinnedBuffer cells = context.allocatePinned(4096);
                    Stream stream = context.createStream(StreamOptions.defaults().withLog2Packets(2));
                    Stream other = context.createStream()) {
                try (Stream.Batch batch = stream.batch()) {
                    for (int i = 0; i < 50; i++) { // more than fits
                        stream.writeValue32(cells, 4L * i, i);
                    }
                    stream.synchronize(SOON);
                    stream.writeValue32(cells, 1000, 9);
                    Event mark = context.createEvent(EventFlag.DISABLE_TIMING);
                    stream.record(mark);
                    other.waitFor(mark);
                    other.synchronize(SOON);
                    stream.writeValue32(cells, 1004, 10);
                }
                stream.synchronize(SOON);
                assertThat(cells.segment().get(ValueLayout.JAVA_INT, 4L * 49)).isEqualTo(49);
                assertThat(cells.segment().get(ValueLayout.JAVA_INT, 1004)).isEqualTo(10);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void manyProducersOnOneTinyQueueAllGetThrough(String uri) {
        with(uri, 1, ppu -> {
            int threads = 6;
            int each = 60;
            try (Context context = ppu.createContext(); PinnedBuffer counts = context.allocatePinned(4096)) {
                StreamOptions tiny = StreamOptions.defaults().withLog2Packets(2);
                Stream shared = context.createStream(tiny);
                List<Runnable> bodies = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    int slot = t;
                    Stream own = context.createStream(tiny);
                    bodies.add(() -> {
                        for (int i = 1; i <= each; i++) {
                            (i % 2 == 0 ? own : shared).writeValue64(counts, 64L * slot + (i % 2) * 8L, i);
                        }
                        own.synchronize(SOON);
                        shared.synchronize(SOON);
                        assertThat(counts.segment().get(ValueLayout.JAVA_LONG, 64L * slot)).isEqualTo(each);
                        assertThat(counts.segment().get(ValueLayout.JAVA_LONG, 64L * slot + 8)).isEqualTo(each - 1);
                    });
                }
                Devices.sideBySide(ppu.link(), bodies);
                assertThat(ppu.inventory().queues()).isEqualTo(1);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void futuresOfManyStreamsCompleteInTheOrderOfTheirWork(String uri) throws Exception {
        with(uri, 4, ppu -> {
            try (Context context = ppu.createContext(); PinnedBuffer cells = context.allocatePinned(4096)) {
                List<CompletableFuture<Void>> futures = new ArrayList<>();
                List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
                Stream one = context.createStream();
                for (int i = 0; i < 300; i++) {
                    int number = i;
                    Stream stream = i % 3 == 0 ? one : context.createStream();
                    stream.writeValue32(cells, 4L * (i % 900), i);
                    CompletableFuture<Void> done = stream.done();
                    futures.add(i % 3 == 0 ? done.thenRun(() -> seen.add(number)) : done);
                }
                futures.forEach(CompletableFuture::join);
                assertThat(seen).hasSize(100);
            }
        });
    }

    /** Ten thousand streams cost what they are, not a queue each. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void tenThousandStreamsAreCheap(String uri) {
        with(uri, 8, ppu -> {
            try (Context context = ppu.createContext(); DeviceBuffer buffer = context.allocate(64)) {
                Stream first = context.createStream();
                long pinned = ppu.inventory().pinnedBytes();
                List<Stream> streams = new ArrayList<>();
                for (int i = 0; i < 10_000; i++) {
                    streams.add(context.createStream());
                }
                assertThat(ppu.inventory().queues()).isEqualTo(8);
                assertThat(ppu.inventory().pinnedBytes() - pinned).isLessThan(8L * 100_000);
                for (int i = 0; i < 10_000; i += 97) {
                    streams.get(i).fill8(buffer, 0, (byte) i, 64);
                }
                context.synchronize();
                byte[] back = new byte[64];
                first.copyToHost(MemorySegment.ofArray(back), buffer, 0);
            }
        });
    }

    /** However many streams share queues: a stream's work is served at its own priority. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void streamsOfDifferentPrioritiesShareNoQueue(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext()) {
            PriorityRange range = context.streamPriorityRange();
            Map<Integer, Integer> priorityOfQueue = new HashMap<>();
            for (int priority = range.greatest(); priority <= range.least(); priority++) {
                for (int i = 0; i < 12; i++) {
                    Stream stream = context.createStream(StreamOptions.defaults().withPriority(priority));
                    int control = ppu.owner().device().registers().queue(stream.queue()).readControl();
                    assertThat(QueueRegs.Control.priority(control)).isEqualTo(range.least() - priority);
                    assertThat(priorityOfQueue.merge(stream.queue(), priority, (first, _) -> first)).isEqualTo(priority);
                }
            }
        }
    }
}
