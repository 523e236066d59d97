package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.model.link.ModelLink;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens behind the driver's back. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class HealthSystemTest {
    private static final PpuOptions OPTIONS = PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).build();

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aResetBehindTheDriversBackIsALostDeviceAndEndsAllWaits(String uri) {
        try (DeviceLink link = Links.open(uri)) {
            try (Ppu ppu = Ppu.open(link, OPTIONS);
                    Context context = ppu.createContext();
                    Stream stream = context.createStream();
                    PinnedBuffer gate = context.allocatePinned(64)) {
                stream.waitValue32(gate, 0, Compare.EQUAL, 1);
                CompletableFuture<Void> future = stream.done();
                Devices.sideBySide(link, List.of(
                        () -> assertThatThrownBy(stream::synchronize).isInstanceOfSatisfying(DeviceLostException.class, e -> {
                            assertThat(e.hgresult()).isEqualTo(HgResult.DEVICE_UNAVAILABLE);
                            assertThat(e.xid()).contains(Xid.KERNEL_DEVICE_LOST);
                        }),
                        () -> assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class)
                                .hasCauseInstanceOf(DeviceLostException.class),
                        () -> {
                            link.runtime().sleep(2_000_000);
                            link.reset(ResetKind.FUNCTION_LEVEL);
                        }));
                assertThat(ppu.lost()).isTrue();
                assertThat(ppu.xids()).anyMatch(x -> x.number() == Xid.KERNEL_DEVICE_LOST.number());
                assertThatThrownBy(ppu::createContext).isInstanceOf(PpuException.class);
                assertThatThrownBy(() -> context.allocate(1)).isInstanceOf(DeviceLostException.class);
            }
            try (Ppu again = Ppu.open(link, OPTIONS); Context context = again.createContext(); DeviceBuffer buffer = context.allocate(64)) {
                context.fill8(buffer, 0, (byte) 1, 64);
                context.synchronize();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void lostInterruptsCostABoundedDelay(String uri) {
        try (DeviceLink link = Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
            for (int vector = 0; vector < link.interrupts().vectors(); vector++) {
                link.interrupts().mask(vector);
            }
            try (Context context = ppu.createContext();
                    Stream stream = context.createStream();
                    PinnedBuffer gate = context.allocatePinned(64)) {
                for (int i = 0; i < 20; i++) {
                    stream.writeValue32(gate, 0, i);
                    stream.synchronize(Duration.ofSeconds(20));
                }
                DeviceBuffer freed = context.allocate(64);
                stream.waitValue32(gate, 4, Compare.EQUAL, 1);
                stream.fill8(freed, 0, (byte) 1, 1);
                freed.close();
                gate.segment().set(ValueLayout.JAVA_INT, 4, 1);
                assertThatThrownBy(() -> stream.synchronize(Duration.ofSeconds(20))).isInstanceOfSatisfying(ContextLostException.class,
                        e -> assertThat(e.xid()).contains(Xid.CHUB_INVALID_PAGE));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#simulated")
    void anIdleDeviceStaysAlive(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); DeviceBuffer buffer = context.allocate(64)) {
            ppu.link().runtime().sleep(2_000_000_000L);
            context.fill8(buffer, 0, (byte) 1, 64);
            context.synchronize();
            assertThat(ppu.lost()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void nothingIsMeasuredOfADeviceThatIsGone(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
            link.faults().remove();
            assertThatThrownBy(ppu::metrics).isInstanceOf(DeviceLostException.class);
            assertThatThrownBy(ppu::deviceTime).isInstanceOf(DeviceLostException.class);
            assertThatThrownBy(ppu::correlateClocks).isInstanceOf(DeviceLostException.class);
            assertThatThrownBy(ppu::firmwareLog).isInstanceOf(DeviceLostException.class);
            assertThatThrownBy(ppu::firmwareSlots).isInstanceOf(DeviceLostException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whoAsksAfterAResetBehindTheDriversBackHearsTheDriversException(String uri) {
        for (Consumer<Ppu> call : List.<Consumer<Ppu>>of(Ppu::metrics, Ppu::deviceTime, Ppu::correlateClocks, Ppu::firmwareLog,
                Ppu::firmwareSlots, ppu -> ppu.setWatchdogCycles(1), Ppu::createContext)) {
            try (DeviceLink link = Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
                link.reset(ResetKind.COLD);
                Throwable thrown = catchThrowable(() -> call.accept(ppu)); // a write alone may go nowhere unnoticed for a moment
                assertThat(thrown == null || thrown instanceof PpuException).as(String.valueOf(thrown)).isTrue();
            }
        }
    }
}
