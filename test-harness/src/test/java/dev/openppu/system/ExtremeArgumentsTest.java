package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.driver.Context;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.HostMemoryFlag;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Arguments at the ends of their types, given twice, or of another device. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class ExtremeArgumentsTest {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    @Test
    void timesOfTwoDevicesAreNotCompared() {
        try (Ppu one = Devices.open(Devices.FREE);
                Ppu two = Devices.open(Devices.FREE);
                Context here = one.createContext();
                Context beside = one.createContext();
                Context there = two.createContext()) {
            Event first = recorded(here);
            Event second = recorded(beside);
            Event foreign = recorded(there);
            assertThat(second.nanosSince(first)).isPositive();
            refused(400, () -> foreign.nanosSince(first));
            refused(400, () -> first.millisSince(foreign));
        }
    }

    private static Event recorded(Context context) {
        Event event = context.createEvent();
        context.defaultStream().record(event);
        event.synchronize();
        return event;
    }

    @Test
    void aFlagGivenTwiceCountsOnce() {
        try (Ppu ppu = Devices.open(Devices.simulated(1)); Context context = ppu.createContext()) {
            assertThat(context.createEvent(EventFlag.BLOCKING_SYNC, EventFlag.BLOCKING_SYNC).flags()).containsExactly(
                    EventFlag.BLOCKING_SYNC);
        }
    }

    @Test
    void aTimeoutBeyondTheClockIsForEver() {
        PpuOptions patient = PpuOptions.builder().bootTimeout(FOREVER).messageTimeout(FOREVER).drainTimeout(FOREVER).hangLimit(FOREVER)
                .build();
        try (Ppu ppu = Ppu.open(Devices.simulated(2), patient);
                Context context = ppu.createContext();
                Stream stream = context.createStream(StreamOptions.defaults().withSubmitTimeout(FOREVER));
                Event event = context.createEvent()) {
            stream.record(event);
            event.synchronize(FOREVER);
            stream.synchronize(FOREVER);
            Devices.work(ppu);
            assertThat(context.lost()).isFalse();
            context.close();
            assertThat(ppu.awaitDrained(FOREVER)).isTrue();
        }
    }

    @Test
    void pinnedMemoryBeyondAllIsRefusedWithTheSizeAsked() {
        try (Ppu ppu = Devices.open(Devices.simulated(3)); Context context = ppu.createContext()) {
            for (Set<HostMemoryFlag> flags : Set.<Set<HostMemoryFlag>>of(Set.of(), Set.of(HostMemoryFlag.PORTABLE))) {
                refused(2, () -> context.allocatePinned(Long.MAX_VALUE, flags));
                assertThatThrownBy(() -> context.allocatePinned(Long.MAX_VALUE, flags))
                        .hasMessageContaining("9,223,372,036,854,775,807 bytes");
            }
        }
    }
}
