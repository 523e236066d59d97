package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.BringUpListener;
import dev.openppu.driver.BringUpStage;
import dev.openppu.driver.Context;
import dev.openppu.driver.FirmwareRefusedException;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetPolicy;
import dev.openppu.driver.owner.BringUp;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.Links;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.harness.bringup.DefectiveLink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class BringUpSystemTest {
    /** Writes down what it hears. */
    private static final class Diary implements BringUpListener {
        private final List<String> lines = new ArrayList<>();
        private long last = Long.MIN_VALUE;

        @Override
        public void began(BringUpStage stage, long nanos) {
            assertThat(nanos).isGreaterThanOrEqualTo(last);
            last = nanos;
            lines.add("+" + stage);
        }

        @Override
        public void ended(BringUpStage stage, long nanos) {
            lines.add("-" + stage);
        }

        @Override
        public void failed(BringUpStage stage, long nanos, PpuException failure) {
            lines.add("!" + stage);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void comesUpColdStageByStageAndShutsDown(String uri) {
        Diary diary = new Diary();
        try (DeviceLink link = Links.open(uri)) {
            try (Ppu ppu = Ppu.open(link, PpuOptions.builder().listener(diary).build())) {
                assertThat(ppu.info().product()).isEqualTo("PPU-ZW810E");
                assertThat(ppu.info().memoryBytes()).isEqualTo(96L << 30);
                assertThat(ppu.deviceTime()).isPositive();
            }
            List<String> expected = new ArrayList<>();
            for (BringUpStage stage : BringUpStage.values()) {
                expected.add("+" + stage);
                expected.add("-" + stage);
            }
            assertThat(diary.lines).isEqualTo(expected);
            int command = link.config().read16(PciRegister.Header.COMMAND);
            assertThat(command & PciRegister.Command.BUS_MASTER_ENABLE).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(value = ImageSource.class, mode = EnumSource.Mode.EXCLUDE, names = "FLASH")
    void bootsByEitherSource(ImageSource source) {
        try (Ppu ppu = Ppu.open(Devices.simulated(3), PpuOptions.builder().firmwareSource(source).build())) {
            assertThat(ppu.info().firmwareVersion().toString()).isEqualTo("0.1.0");
        }
    }

    @ParameterizedTest
    @EnumSource(ResetPolicy.class)
    void comesUpAfterEveryKindOfReset(ResetPolicy policy) {
        try (Ppu ppu = Ppu.open(Devices.simulated(4), PpuOptions.builder().reset(policy).build()); Context context = ppu.createContext()) {
            assertThat(context.lost()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#simulated")
    void comesUpAgainOnTheSameLink(String uri) {
        try (DeviceLink link = Links.open(uri)) {
            for (int i = 0; i < 3; i++) {
                try (Ppu ppu = Ppu.open(link, PpuOptions.defaults()); Context context = ppu.createContext()) {
                    assertThat(context.id()).isZero();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void refusesADamagedImageByNameAndBootsAGoodOneAfterwards(String uri) {
        byte[] damaged = BringUp.shippedFirmware();
        damaged[damaged.length / 2] ^= 0x10;
        Diary diary = new Diary();
        try (DeviceLink link = Links.open(uri)) {
            for (ImageSource source : List.of(ImageSource.DEVICE_MEMORY, ImageSource.HOST_DMA)) {
                assertThatThrownBy(
                        () -> Ppu.open(link, PpuOptions.builder().firmware(damaged).firmwareSource(source).listener(diary).build()))
                        .isInstanceOfSatisfying(FirmwareRefusedException.class,
                                e -> assertThat(e.error()).isEqualTo(BootError.DIGEST_MISMATCH));
            }
            assertThat(diary.lines).contains("!FIRMWARE_VERIFY");
            try (Ppu ppu = Ppu.open(link, PpuOptions.defaults())) {
                assertThat(ppu.lost()).isFalse();
            }
        }
    }

    /** A free-running ROM does that now and then: nobody sees LOADING and VERIFYING. */
    @Test
    void namesTheStageOfARefusalThatTheRomHadMadeBeforeAnybodyLooked() {
        byte[] damaged = BringUp.shippedFirmware();
        damaged[damaged.length / 2] ^= 0x10;
        Diary diary = new Diary();
        try (DeviceLink link = new SlowToLook(Links.open(Devices.simulated(1)))) {
            assertThatThrownBy(() -> Ppu.open(link, PpuOptions.builder().firmware(damaged).listener(diary).build()))
                    .isInstanceOf(FirmwareRefusedException.class);
            assertThat(diary.lines).endsWith("+FIRMWARE_VERIFY", "!FIRMWARE_VERIFY");
        }
    }

    /** Its host comes back from starting a boot when that is over. */
    private static final class SlowToLook extends DefectiveLink {
        private static final long COMMAND = PpuBar0Regs.BOOT_OFFSET + BootRegs.COMMAND_OFFSET;

        SlowToLook(DeviceLink link) {
            super(link);
        }

        @Override
        public Mmio bar(int index) {
            return through(super.bar(index), new Trap() {
                @Override
                public void write(long offset, int bytes, long value) {
                    super.write(offset, bytes, value);
                    if (index == 0 && offset == COMMAND) {
                        runtime().sleep(1_000_000_000L);
                    }
                }
            });
        }
    }

    @Test
    void namesWhatThereIsWhenALinkIsUnknown() {
        assertThatThrownBy(() -> Ppu.open("modle:zw810e")).isInstanceOf(LinkException.class).hasMessageContaining("model:PROFILE");
        assertThatThrownBy(() -> Ppu.open("model:zw999")).isInstanceOf(LinkException.class).hasMessageContaining("zw810e");
    }

    @Test
    void aClosedDeviceIsClosedTwiceAndRefusesEverything() {
        Ppu ppu = Ppu.open(Devices.simulated(1));
        ppu.close();
        ppu.close();
        assertThatThrownBy(ppu::createContext).isInstanceOf(PpuException.class).hasMessageContaining("closed");
    }
}
