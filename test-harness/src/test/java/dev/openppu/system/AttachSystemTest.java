package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.BringUpListener;
import dev.openppu.driver.BringUpStage;
import dev.openppu.driver.FirmwareRefusedException;
import dev.openppu.driver.FirmwareSlots;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.UpdateListener;
import dev.openppu.driver.owner.BootOutcome;
import dev.openppu.driver.owner.BringUp;
import dev.openppu.driver.owner.PciFunction;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.harness.bench.BareDevice;
import dev.openppu.model.link.ModelLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the next driver finds: a device left in order, one whose driver died, and one with nonsense in its scratch registers. And its firmware in flash. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class AttachSystemTest {
    private final List<String> told = new ArrayList<>();
    private final PpuOptions options = options().build();

    private PpuOptions.Builder options() {
        return PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).noDumps().listener(new BringUpListener() {
            @Override
            public void detail(BringUpStage stage, String detail) {
                told.add(stage + ": " + detail);
            }
        });
    }

    private boolean attached() {
        return told.stream().anyMatch(t -> t.contains("attached without a boot"));
    }

    private boolean reset() {
        return told.stream().anyMatch(t -> t.contains("FUNCTION_LEVEL"));
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aDeviceLeftInOrderIsAttachedToWithoutABootAgainAndAgain(String uri) {
        try (DeviceLink link = Links.open(uri)) {
            for (int i = 0; i < 3; i++) {
                told.clear();
                Ppu ppu = Ppu.open(link, options);
                Devices.work(ppu);
                assertThat(attached()).as(told.toString()).isEqualTo(i > 0);
                ppu.detach();
                assertThat(ppu.inventory().empty()).as(ppu.inventory().toString()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aDeviceWhoseDriverDiedIsResetFirstAndTheDeadOneKeepsItsHandsOff(String uri) {
        try (DeviceLink link = Links.open(uri)) {
            Ppu dead = Ppu.open(link, options);
            dead.createContext();
            try (Ppu ppu = Ppu.open(link, options)) {
                assertThat(reset()).as(told.toString()).isTrue();
                Devices.work(ppu);
                link.runtime().sleep(TimeUnit.MILLISECONDS.toNanos(100));
                assertThat(dead.lost()).isTrue();
                dead.close();
                Devices.work(ppu);
                assertThat(ppu.lost()).isFalse();
                assertThat(ppu.epoch()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aDeviceThatSomebodyElseHasResetAndBootedIsNotTheOneThatWasLeft(String uri) {
        try (DeviceLink link = Links.open(uri)) {
            Ppu.open(link, options).detach();
            PciFunction function = new PciFunction(link);
            function.reset(ResetKind.FUNCTION_LEVEL);
            function.enableMemory();
            BareDevice device = new BareDevice(link);
            assertThat(device.boot().boot(BringUp.shippedFirmware(), ImageSource.DEVICE_MEMORY)).isInstanceOf(BootOutcome.Running.class);
            told.clear();
            try (Ppu next = Ppu.open(link, options)) {
                assertThat(attached()).as(told.toString()).isFalse();
                assertThat(reset()).as(told.toString()).isTrue();
                Devices.work(next);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void nonsenseInTheScratchRegistersIsADirtyDevice(String uri) {
        try (DeviceLink link = Links.open(uri)) {
            for (int word = 0; word < 4; word++) {
                Ppu ppu = Ppu.open(link, options);
                ppu.detach();
                new PciFunction(link).enableMemory();
                PpuBar0Regs registers = new PpuBar0Regs(link.bar(PpuIds.BAR_REGISTERS));
                registers.fw().writeStickyScratch(word, registers.fw().readStickyScratch(word) ^ 0x10);
                told.clear();
                try (Ppu next = Ppu.open(link, options)) {
                    assertThat(attached()).as("word " + word).isFalse();
                    assertThat(reset()).isTrue();
                    Devices.work(next);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#simulated")
    void theFirmwaresLogTellsOfItsStart(String uri) {
        try (Ppu ppu = Ppu.open(uri, options)) {
            assertThat(ppu.firmwareLog().entries()).isNotEmpty();
            assertThat(ppu.firmwareLog().damaged()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#simulated")
    void anImageWrittenToFlashBootsFromThere(String uri) {
        byte[] image = BringUp.shippedFirmware();
        List<Long> progress = new ArrayList<>();
        try (DeviceLink link = Links.open(uri)) {
            try (Ppu ppu = Ppu.open(link, options)) {
                char active = ppu.firmwareSlots().active();
                char written = ppu.updateFirmware(image, (bytes, total) -> progress.add(bytes));
                assertThat(written).isNotEqualTo(active);
                assertThat(progress).isSorted().endsWith((long) image.length);
                assertThat(ppu.firmwareSlots().trying()).isTrue();
                byte[] damaged = image.clone();
                damaged[image.length / 2] ^= 1;
                assertThatThrownBy(() -> ppu.updateFirmware(damaged, UpdateListener.SILENT)).isInstanceOf(FirmwareRefusedException.class);
                ppu.updateFirmware(image, UpdateListener.SILENT);
            }
            try (Ppu ppu = Ppu.open(link, options().firmwareSource(ImageSource.FLASH).build())) {
                FirmwareSlots slots = ppu.firmwareSlots();
                assertThat(slots.booted()).as(slots.toString()).isPresent();
                Devices.work(ppu);
                assertThat(ppu.reset(ResetLevel.FUNCTION).recovered()).isTrue();
                Devices.work(ppu);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void powerMayGoAtAnyStepOfAnUpdate(boolean half) {
        byte[] image = BringUp.shippedFirmware();
        PpuOptions fromFlash = options().messageTimeout(Duration.ofMillis(200)).firmwareSource(ImageSource.FLASH).build();
        PpuOptions fromHost = options().messageTimeout(Duration.ofMillis(200)).build();
        boolean wentThrough = false;
        for (int cut = 1; !wentThrough; cut += 1 + cut / 4) {
            try (ModelLink link = (ModelLink) Links.open(Devices.simulated(cut))) {
                PciFunction enumerated = new PciFunction(link);
                try (Ppu ppu = Ppu.open(link, fromHost)) {
                    ppu.updateFirmware(image, UpdateListener.SILENT);
                }
                try (Ppu ppu = Ppu.open(link, fromFlash)) {
                    link.faults().losePowerAtFlashOperation(cut, half);
                    ppu.updateFirmware(image, UpdateListener.SILENT);
                    wentThrough = true;
                } catch (PpuException e) {
                    assertThat(e.remedy()).isNotBlank();
                }
                link.faults().losePowerAtFlashOperation(Integer.MAX_VALUE, half);
                link.reset(ResetKind.COLD);
                link.runtime().sleep(TimeUnit.SECONDS.toNanos(1));
                enumerated.restore(); // as the host does with what it powers on
                try (Ppu ppu = Ppu.open(link, fromFlash)) {
                    assertThat(ppu.firmwareSlots().booted()).as("power lost at operation %d", cut).isPresent();
                    Devices.work(ppu);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void updatesFromTwoThreadsDoNotMix(String uri) {
        byte[] image = BringUp.shippedFirmware();
        try (DeviceLink link = Links.open(uri); Ppu ppu = Ppu.open(link, options)) {
            AtomicInteger written = new AtomicInteger();
            Runnable update = () -> {
                try {
                    ppu.updateFirmware(image, UpdateListener.SILENT);
                    written.incrementAndGet();
                } catch (PpuException e) {
                    assertThat(e.hgresult()).isEqualTo(HgResult.ILLEGAL_STATE);
                    assertThat(e).hasMessageContaining("another one is under way");
                }
            };
            Devices.sideBySide(link, List.of(update, update));
            assertThat(written).hasPositiveValue();
            assertThat(ppu.firmwareSlots().trying()).isTrue();
        }
    }
}
