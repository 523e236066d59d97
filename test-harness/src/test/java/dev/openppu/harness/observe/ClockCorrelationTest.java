package dev.openppu.harness.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.ClockCorrelation;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import dev.openppu.hal.LinkRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A time stamp that the device took is found where it belongs on the host's clock. */
class ClockCorrelationTest {
    @ParameterizedTest
    @ValueSource(strings = {"model:zw810e?clock=sim&seed=3", "model:zw810e?clock=sim&seed=4", "model:zw810e"})
    void aDeviceTimeStampLiesBetweenItsSubmissionAndItsCompletion(String uri) {
        try (Ppu ppu = Ppu.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer stamp = context.allocate(8)) {
            LinkRuntime runtime = ppu.link().runtime();
            runtime.sleep(5_000_000);
            ClockCorrelation clocks = ppu.correlateClocks();
            long before = runtime.nanos();
            stream.timestamp(stamp, 0);
            stream.synchronize();
            long after = runtime.nanos();
            long device = Stamps.read(context, stamp);
            long host = clocks.toHost(device);
            assertThat(host).isBetween(before - clocks.uncertaintyNanos(), after + clocks.uncertaintyNanos());
            assertThat(clocks.toDevice(host)).isEqualTo(device);
        }
    }

    @Test
    void theModelsClocksDoNotDrift() {
        try (Ppu ppu = Ppu.open("model:zw810e?clock=sim&seed=5")) {
            ClockCorrelation first = ppu.correlateClocks();
            ppu.link().runtime().sleep(2_000_000_000L);
            ClockCorrelation second = ppu.correlateClocks();
            double uncertainty = first.uncertaintyNanos() + second.uncertaintyNanos();
            assertThat(second.hostNanos() - first.hostNanos()).isGreaterThanOrEqualTo(2_000_000_000L);
            assertThat(Math.abs(second.drift(first))).isLessThanOrEqualTo(uncertainty);
            assertThat(second.drift(second)).isZero();
        }
    }

    @Test
    void aClockThatRunsFasterShows() {
        ClockCorrelation first = new ClockCorrelation(1_000, 5_000, 10);
        ClockCorrelation second = new ClockCorrelation(1_000_001_000L, 1_000_005_100L, 10);
        assertThat(second.drift(first)).isEqualTo(100);
        assertThat(first.toHost(6_000)).isEqualTo(2_000);
        assertThat(first.toDevice(2_000)).isEqualTo(6_000);
    }
}
