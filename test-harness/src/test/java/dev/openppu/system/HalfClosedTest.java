package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.hal.Links;
import dev.openppu.model.link.ModelLink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each thing that giving something back asks of the link fails, once or from then on: whoever gives it back hears of no link, the device is lost at the most, and nothing that the device could reach is left. A
 * thing is a place in the driver, with those that led there.
 */
class HalfClosedTest {
    private static final int BYTES = 3 << 20;

    @ParameterizedTest
    @ValueSource(ints = {1, Integer.MAX_VALUE})
    void aFailingLinkKeepsNothing(int count) {
        Map<String, Integer> places = places();
        assertThat(places).hasSizeGreaterThan(10);
        FailingLink.atEach(places, call -> {
            try (Held held = new Held()) {
                held.failing.fail(call, count == 1 ? call + 1 : Integer.MAX_VALUE);
                held.giveBack();
            }
        });
    }

    private static Map<String, Integer> places() {
        try (Held held = new Held()) {
            held.failing.mend();
            held.giveBack();
            return held.failing.places();
        }
    }

    /** A context with one of each. */
    private static final class Held implements AutoCloseable {
        private final ModelLink link = (ModelLink) Links.open(Devices.simulated(1));
        private final FailingLink failing = new FailingLink(link);
        private final Ppu ppu = Ppu.open(failing, PpuOptions.builder().messageTimeout(Duration.ofMillis(200))
                .drainTimeout(Duration.ofMillis(50)).noDumps().build());
        private final Context context = ppu.createContext();
        private final DeviceBuffer buffer = context.allocate(BYTES);
        private final PinnedBuffer pinned = context.allocatePinned(BYTES);
        private final Stream stream = context.createStream();

        /** In order; as far as the failure goes. */
        void giveBack() {
            for (ThrowingCallable close : List.<ThrowingCallable>of(stream::close, pinned::close, buffer::close, context::close)) {
                Throwable thrown = catchThrowable(close);
                if (thrown != null) {
                    assertThat(thrown).isInstanceOf(PpuException.class);
                }
            }
        }

        @Override
        public void close() {
            failing.mend();
            ppu.close();
            assertThat(link.dmaMappings()).as("mappings").isZero();
            link.close();
        }
    }
}
