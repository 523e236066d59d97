package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openppu.abi.reg.ImageSource;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetPolicy;
import dev.openppu.driver.owner.PciFunction;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.model.link.ModelLink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each thing that opening a device asks of the link fails, once or from then on: nothing of what was made until then is left, the failure is the driver's own, and the next one opens the device. A thing
 * is a place in the driver, with those that led there.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class HalfOpenedTest {
    /** How the device is found, and how it is booted. */
    enum Way {
        FROM_DEVICE_MEMORY(false, options().build()),
        FROM_HOST_MEMORY(false, options().firmwareSource(ImageSource.HOST_DMA).build()),
        AFTER_A_RESET(false, options().reset(ResetPolicy.FUNCTION_LEVEL).build()),
        WARM(true, options().build());

        private final boolean warm;
        private final PpuOptions options;

        Way(boolean warm, PpuOptions options) {
            this.warm = warm;
            this.options = options;
        }

        private static PpuOptions.Builder options() {
            return PpuOptions.builder().bootTimeout(Duration.ofMillis(500)).messageTimeout(Duration.ofMillis(200))
                    .drainTimeout(Duration.ofMillis(50)).noDumps();
        }

        ModelLink found() {
            ModelLink link = (ModelLink) Links.open(Devices.simulated(1));
            if (warm) {
                Ppu.open(link, options).detach();
            }
            return link;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatFailsOnceLeavesNothingBehind(Way way) {
        everyPlace(way, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aLinkThatFailsFromThenOnLeavesNothingBehind(Way way) {
        everyPlace(way, Integer.MAX_VALUE);
    }

    private static void everyPlace(Way way, int count) {
        Map<String, Integer> places = places(way);
        assertThat(places).hasSizeGreaterThan(80);
        FailingLink.atEach(places, call -> failAt(way, call, count));
    }

    private static Map<String, Integer> places(Way way) {
        try (ModelLink link = way.found()) {
            FailingLink counted = new FailingLink(link);
            counted.mend();
            Ppu ppu = Ppu.open(counted, way.options);
            Map<String, Integer> places = counted.places();
            ppu.close();
            return places;
        }
    }

    private static void failAt(Way way, int call, int count) {
        try (ModelLink link = way.found()) {
            long files = openFiles();
            PciFunction enumerated = new PciFunction(link);
            FailingLink failing = new FailingLink(link);
            failing.fail(call, count == 1 ? call + 1 : Integer.MAX_VALUE);
            Throwable thrown = catchThrowable(() -> Ppu.open(failing, way.options).close());
            failing.mend();
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(PpuException.class);
                assertThat(((PpuException) thrown).remedy()).isNotBlank();
            }
            assertThat(link.dmaMappings()).as("mappings").isZero();
            assertThat(threadsLeft()).as("threads").isZero();
            assertThat(openFiles()).as("open files").isEqualTo(files);
            if (count > 1) {
                enumerated.restore(); // as the host does with what is plugged in: a driver without a link cannot
            } else {
                assertThat(new PciFunction(link).busMaster()).as("bus master").isFalse();
                assertThat(messagesEnabled(link)).as("MSI-X").isFalse();
            }
            try (Ppu ppu = Ppu.open(link, way.options)) {
                Devices.work(ppu);
            }
            assertThat(link.dmaMappings()).isZero();
        }
    }

    /** Those that were told to end may take a moment. */
    private static long threadsLeft() {
        long left = threads();
        for (int i = 0; i < 200 && left > 0; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            left = threads();
        }
        return left;
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("ppu-")).count();
    }

    private static long openFiles() {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean messagesEnabled(DeviceLink link) {
        int msix = Capabilities.find(link.config(), PciRegister.Msix.ID).orElseThrow().offset();
        return (link.config().read16(msix + PciRegister.Msix.MESSAGE_CONTROL) & PciRegister.Msix.ENABLE) != 0;
    }
}
