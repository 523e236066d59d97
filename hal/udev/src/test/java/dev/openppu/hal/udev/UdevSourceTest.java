package dev.openppu.hal.udev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.hotplug.FunctionEvent.Kind;
import dev.openppu.hal.hotplug.FunctionEvents;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What can be seen where nothing is plugged; the guest's tests plug. */
class UdevSourceTest {
    @Test
    void withoutTheLibraryItIsOneLine() {
        assertThatThrownBy(() -> new UdevSource("udev-of-another-planet").open()).isInstanceOf(LinkException.class).message()
                .isEqualTo("nothing here tells of PCI functions that come and go: there is no libudev-of-another-planet"
                        + " (package libudev1, or systemd-libs)");
    }

    @Test
    void whereNothingHappensTheTimePasses() {
        try (FunctionEvents events = FunctionEvents.open()) {
            long begun = System.nanoTime();
            assertThat(events.await(Duration.ofMillis(300))).isEmpty();
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(Duration.ofMillis(300).toNanos());
            events.close();
        } catch (LinkException e) {
            abort(e.getMessage()); // no libudev here, or no netlink
        }
    }

    @Test
    void actionsAreTheKernelsWords() {
        assertThat(UdevEvents.kind("add")).contains(Kind.CAME);
        assertThat(UdevEvents.kind("remove")).contains(Kind.WENT);
        assertThat(UdevEvents.kind("bind")).contains(Kind.BOUND);
        assertThat(UdevEvents.kind("unbind")).contains(Kind.UNBOUND);
        assertThat(UdevEvents.kind("change")).contains(Kind.CHANGED);
        assertThat(UdevEvents.kind("move")).isEmpty();
        assertThat(UdevEvents.kind(null)).isEmpty();
    }
}
