package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.Links;
import dev.openppu.model.link.ModelLink;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read of a device that is no longer there is no value. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AbsentDeviceTest {
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatIsAskedOfARemovedDeviceFailsInsteadOfAnsweringAllOnes(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, PpuOptions.defaults())) {
            assertThat(ppu.deviceTime()).isPositive();
            link.faults().remove();
            assertThatThrownBy(ppu::deviceTime).isInstanceOf(DeviceLostException.class);
            assertThatThrownBy(() -> ppu.setWatchdogCycles(1_000_000)).isInstanceOf(DeviceLostException.class);
            assertThatThrownBy(ppu::correlateClocks).isInstanceOf(DeviceLostException.class);
        }
    }
}
