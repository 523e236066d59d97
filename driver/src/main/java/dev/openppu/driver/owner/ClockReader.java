package dev.openppu.driver.owner;

import dev.openppu.driver.ClockCorrelation;
import dev.openppu.hal.LinkRuntime;
import java.util.function.LongSupplier;

/** Reads the device's clock between two readings of the host's, several times, and believes the pair that was disturbed least. */
final class ClockReader {
    private static final int SAMPLES = 16;

    private ClockReader() {}

    static ClockCorrelation correlate(LinkRuntime runtime, LongSupplier deviceTime) {
        ClockCorrelation best = sample(runtime, deviceTime);
        for (int i = 1; i < SAMPLES; i++) {
            ClockCorrelation next = sample(runtime, deviceTime);
            if (next.uncertaintyNanos() < best.uncertaintyNanos()) {
                best = next;
            }
        }
        return best;
    }

    private static ClockCorrelation sample(LinkRuntime runtime, LongSupplier deviceTime) {
        long before = runtime.nanos();
        long device = deviceTime.getAsLong();
        long between = runtime.nanos() - before;
        return new ClockCorrelation(before + between / 2, device, (between + 1) / 2);
    }
}
