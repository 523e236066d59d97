package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packet path's speed must not cost. */
class PacketRateTest {
    private static final String LINK = "model:zw810e?clock=sim&seed=";

    private static long nanosAfterBatches(String uri) {
        try (PacketRate rate = new PacketRate(uri)) {
            for (int batch : new int[]{1, 2, 7, 16, 33, 64, 300, 1000}) {
                rate.batch(batch, batch % 2 == 0);
            }
            return rate.nanos();
        }
    }

    @Test
    void aTraceDoesNotMoveTheOrderOfThings(@TempDir Path folder) {
        for (int seed = 1; seed <= 5; seed++) {
            long plain = nanosAfterBatches(LINK + seed);
            assertThat(nanosAfterBatches(LINK + seed + "&trace=" + folder.resolve("t" + seed))).as("seed %d", seed).isEqualTo(plain);
            assertThat(nanosAfterBatches(LINK + seed)).as("seed %d again", seed).isEqualTo(plain);
            assertThat(nanosAfterBatches(LINK + (seed + 100))).as("another seed").isNotEqualTo(plain);
        }
    }
}
