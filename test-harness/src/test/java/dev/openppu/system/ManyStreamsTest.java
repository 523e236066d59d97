package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openppu.driver.Context;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten thousand streams over the hardware queues that there are, and what happens when there are none left. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class ManyStreamsTest {
    private static final int STREAMS = 10_000;
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void tenThousandStreamsEachKeepTheirOrder(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                PinnedBuffer words = context.allocatePinned(4L * STREAMS)) {
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                streams.add(context.createStream(StreamOptions.defaults().withPriority(-(i % 4)).withNonBlocking(i % 2 == 0)));
            }
            for (int round = 1; round <= 2; round++) {
                for (int i = 0; i < STREAMS; i++) {
                    streams.get(i).writeValue32(words, 4L * i, round);
                }
            }
            for (Stream stream : streams) {
                stream.synchronize();
            }
            for (int i = 0; i < STREAMS; i++) {
                assertThat(words.segment().get(U32, 4L * i)).isEqualTo(2);
            }
            streams.forEach(Stream::close);
        }
    }

    /** Each stream hands a number to the next. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aChainOfEventsThroughManyStreamsArrives(String uri) {
        int length = 1000;
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                PinnedBuffer words = context.allocatePinned(4L * length + 4);
                Gate gate = new Gate(context)) {
            words.segment().set(U32, 0, 17);
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                streams.add(context.createStream());
            }
            try (Event event = context.createEvent(EventFlag.DISABLE_TIMING)) {
                gate.hold(streams.getFirst());
                for (int i = 0; i < length; i++) {
                    streams.get(i).waitFor(event);
                    streams.get(i).copy(words, 4L * i + 4, words, 4L * i, 4);
                    streams.get(i).record(event);
                }
                assertThat(event.reached()).isFalse();
                gate.open();
                event.synchronize();
            }
            assertThat(words.segment().get(U32, 4L * length)).isEqualTo(17);
            streams.forEach(Stream::close);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void withoutQueuesLeftTheErrorNamesTheHoldersAndNothingElseSuffers(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            List<Context> contexts = new ArrayList<>();
            List<Stream> streams = new ArrayList<>();
            List<Gate> gates = new ArrayList<>();
            PpuException refusal = null;
            while (refusal == null && contexts.size() < 200) {
                Context context = ppu.createContext();
                contexts.add(context);
                refusal = catchThrowableOfType(PpuException.class, () -> streams.add(context.createStream()));
                if (refusal == null) {
                    gates.add(new Gate(context));
                    gates.getLast().hold(streams.getLast());
                }
            }
            gates.forEach(Gate::open);
            assertThat(refusal).as("64 queues are not enough for 200 contexts with work that does not end").isNotNull();
            assertThat(refusal.hgresult().number()).isEqualTo(701);
            assertThat(refusal.getMessage()).contains("context " + contexts.getFirst().id());
            for (Stream stream : streams) {
                try (PinnedBuffer word = stream.context().allocatePinned(4)) {
                    stream.writeValue32(word, 0, 5);
                    stream.synchronize();
                    assertThat(word.segment().get(U32, 0)).isEqualTo(5);
                }
            }
            Context hungry = contexts.getLast();
            assertThat(hungry.lost()).isFalse();
            try (Stream now = hungry.createStream()) {
                now.synchronize();
            }
            contexts.reversed().forEach(Context::close);
        }
    }
}
