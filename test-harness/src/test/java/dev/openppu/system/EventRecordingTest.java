package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.Stream;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which recording of an event queries, waits and times mean. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class EventRecordingTest {
    private static final Duration SOON = Duration.ofMillis(5);

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anEventThatWasNeverRecordedIsDoneAndHoldsNobody(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Event event = context.createEvent();
                Event other = context.createEvent()) {
            assertThat(event.query()).isEqualTo(HgResult.SUCCESS);
            event.synchronize();
            stream.waitFor(event);
            stream.record(other);
            stream.synchronize();
            refused(400, () -> other.millisSince(event));
            refused(400, () -> event.millisSince(other));
            refused(400, event::deviceNanos);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aWaitMeansTheRecordingAtTheTimeOfTheCall(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream first = context.createStream();
                Stream second = context.createStream();
                Stream waiter = context.createStream();
                Gate early = new Gate(context);
                Gate late = new Gate(context);
                Event event = context.createEvent()) {
            early.hold(first);
            first.record(event);
            waiter.waitFor(event);
            late.hold(second);
            second.record(event); // moves the event, not the wait
            assertThatThrownBy(() -> waiter.synchronize(SOON)).isInstanceOf(PpuTimeoutException.class);
            early.open();
            waiter.synchronize();
            assertThat(event.query()).isEqualTo(HgResult.NOT_READY);
            late.open();
            event.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aWaitBeforeTheRecordingHoldsNothing(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream held = context.createStream();
                Stream waiter = context.createStream();
                Gate gate = new Gate(context);
                Event event = context.createEvent()) {
            waiter.waitFor(event);
            gate.hold(held);
            held.record(event);
            waiter.synchronize();
            assertThat(held.idle()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void recordingAgainMakesADoneEventNotReady(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Gate gate = new Gate(context);
                Event begin = context.createEvent();
                Event end = context.createEvent()) {
            stream.record(begin);
            stream.record(end);
            stream.synchronize();
            assertThat(end.millisSince(begin)).isNotNegative();
            gate.hold(stream);
            stream.record(end);
            assertThat(end.query()).isEqualTo(HgResult.NOT_READY);
            refused(600, () -> end.millisSince(begin));
            refused(600, () -> begin.millisSince(end));
            assertThatThrownBy(() -> end.synchronize(SOON)).isInstanceOf(PpuTimeoutException.class);
            gate.open();
            end.synchronize();
            assertThat(end.nanosSince(begin)).isPositive();
            assertThat(begin.nanosSince(end)).isEqualTo(-end.nanosSince(begin));
            assertThat(end.millisSince(end)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void timeBetweenEventsIsThatOfTheDevice(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer buffer = context.allocate(8 << 20);
                Event begin = context.createEvent();
                Event end = context.createEvent()) {
            long before = ppu.deviceTime();
            stream.record(begin);
            stream.fill8(buffer, 0, (byte) 1, buffer.size());
            stream.record(end);
            end.synchronize();
            long after = ppu.deviceTime();
            assertThat(end.nanosSince(begin)).isPositive().isLessThanOrEqualTo(after - before);
            assertThat(begin.deviceNanos()).isBetween(before, after);
            assertThat(end.millisSince(begin) * 1e6).isCloseTo(end.nanosSince(begin), org.assertj.core.data.Percentage.withPercentage(0.1));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void eventsWithoutTimingOrderAndDoNotTime(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Event timed = context.createEvent();
                Event untimed = context.createEvent(EventFlag.DISABLE_TIMING, EventFlag.BLOCKING_SYNC)) {
            stream.record(timed);
            stream.record(untimed);
            untimed.synchronize();
            assertThat(timed.query()).isEqualTo(HgResult.SUCCESS);
            refused(400, () -> untimed.millisSince(timed));
            refused(400, () -> timed.millisSince(untimed));
            refused(1, () -> context.createEvent(EventFlag.INTERPROCESS));
            refused(801, () -> context.createEvent(EventFlag.INTERPROCESS, EventFlag.DISABLE_TIMING));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anEventIsRecordedInItsOwnContextAndWaitedForInAny(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context first = ppu.createContext();
                Context second = ppu.createContext();
                Stream one = first.createStream();
                Stream two = second.createStream();
                Gate gate = new Gate(first);
                PinnedBuffer flag = second.allocatePinned(4);
                Event event = first.createEvent()) {
            refused(400, () -> two.record(event));
            gate.hold(one);
            one.record(event);
            two.waitFor(event);
            two.writeValue32(flag, 0, 1);
            assertThatThrownBy(() -> two.synchronize(SOON)).isInstanceOf(PpuTimeoutException.class);
            assertThat(flag.segment().get(ValueLayout.JAVA_INT, 0)).isZero();
            gate.open();
            two.synchronize();
            assertThat(flag.segment().get(ValueLayout.JAVA_INT, 0)).isOne();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anEventMayBeClosedWhileItsRecordingIsAwaited(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream held = context.createStream();
                Stream waiter = context.createStream();
                Gate gate = new Gate(context)) {
            Event event = context.createEvent();
            gate.hold(held);
            held.record(event);
            waiter.waitFor(event);
            event.close();
            refused(400, event::query);
            refused(400, event::synchronize);
            refused(400, () -> held.record(event));
            refused(400, () -> held.waitFor(event));
            assertThat(waiter.idle()).isFalse();
            gate.open();
            waiter.synchronize();
            assertThat(held.idle()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anEventOutlivesTheStreamThatItWasRecordedIn(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream other = context.createStream();
                Event begin = context.createEvent();
                Event end = context.createEvent()) {
            try (Stream stream = context.createStream()) {
                stream.record(begin);
                stream.record(end);
            }
            end.synchronize();
            other.waitFor(end);
            other.synchronize();
            assertThat(end.nanosSince(begin)).isNotNegative();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aStreamMayWaitForAnEventOfItsOwn(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Event event = context.createEvent()) {
            for (int i = 0; i < 100; i++) {
                stream.record(event);
                stream.waitFor(event);
            }
            stream.synchronize();
            assertThat(event.reached()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anEventRecordedAgainAndAgainByTwoThreadsStaysWhole(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream one = context.createStream();
                Stream two = context.createStream();
                Event event = context.createEvent()) {
            Runnable recording = () -> {
                for (int i = 0; i < 200; i++) {
                    one.record(event);
                    two.waitFor(event);
                    event.synchronize();
                    two.record(event);
                    one.waitFor(event);
                }
            };
            Devices.sideBySide(ppu.link(), List.of(recording, recording, () -> {
                for (int i = 0; i < 200; i++) {
                    event.synchronize();
                    event.query();
                }
            }));
            context.synchronize();
            assertThat(event.reached()).isTrue();
            assertThat(event.deviceNanos()).isPositive();
        }
    }

    /** The device stores the time of the first recording last, and nowhere where it would be taken for that of a later one. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aRecordingThatIsReachedLateLeavesTheTimeOfALaterOneAlone(String uri) {
        for (int later = 1; later <= 4; later++) {
            recordedLate(uri, later);
        }
    }

    private static void recordedLate(String uri, int later) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream held = context.createStream();
                Stream stream = context.createStream();
                Gate gate = new Gate(context);
                Event event = context.createEvent()) {
            gate.hold(held);
            held.record(event);
            for (int i = 0; i < later; i++) {
                stream.record(event);
                event.synchronize();
            }
            long time = event.deviceNanos();
            ppu.link().runtime().sleep(100_000);
            gate.open();
            held.synchronize();
            assertThat(event.deviceNanos()).isEqualTo(time);
        }
    }
}
