package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.fake.FakeDevice;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FirmwareBootTest {
    private static final long STATUS = PpuBar0Regs.BOOT_OFFSET + BootRegs.STATUS_OFFSET;
    private static final long COMMAND = PpuBar0Regs.BOOT_OFFSET + BootRegs.COMMAND_OFFSET;
    private static final long ADDRESS = PpuBar0Regs.BOOT_OFFSET + BootRegs.IMAGE_ADDRESS_OFFSET;
    private static final byte[] IMAGE = {1, 2, 3, 4, 5};

    private final FakeDevice fake = new FakeDevice();
    private final DeviceAccess device = new DeviceAccess(fake);
    private final PinnedMemory pinned = new PinnedMemory(fake.dma());
    private final List<BootState> seen = new ArrayList<>();
    private final FirmwareBoot boot = new FirmwareBoot(device,
            new DeviceMemoryPort(fake.runtime(), fake.bar(2), device.registers().memory(),
                    FakeDevice.MEMORY_BYTES),
            pinned, 1_000_000_000L, seen::add);
    private final Deque<Integer> script = new ArrayDeque<>();

    @BeforeEach
    void ready() {
        fake.registers().set(STATUS, BootState.ROM_READY.value());
        fake.runtime().whileWaiting(() -> {
            if (fake.registers().get(COMMAND) != 0 && !script.isEmpty()) {
                fake.registers().set(STATUS, script.remove());
            }
        });
    }

    private void then(BootState... states) {
        for (BootState state : states) {
            script.add(state.value());
        }
    }

    @Test
    void bootsFromDeviceMemoryThroughAllStates() {
        then(BootState.LOADING, BootState.VERIFYING, BootState.STARTING, BootState.RUNNING);
        fake.registers().set(PpuBar0Regs.FW_OFFSET + FwRegs.VERSION_OFFSET, 0x0001_0203);
        assertThat(boot.boot(IMAGE, ImageSource.DEVICE_MEMORY)).isEqualTo(new BootOutcome.Running(1, 2, 3));
        assertThat(seen).endsWith(BootState.RUNNING);
        assertThat(fake.memory().asSlice(0, 5).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(IMAGE);
        assertThat(fake.registers().written()).containsExactly("108=0", "110=5", "104=1");
    }

    @Test
    void theLastWordOfAnImageIsWrittenWholeSoThatNoWrongBitsStayInIt() {
        fake.memory().asSlice(0, 16).fill((byte) -1);
        then(BootState.LOADING, BootState.VERIFYING, BootState.STARTING, BootState.RUNNING);
        assertThat(boot.boot(IMAGE, ImageSource.DEVICE_MEMORY)).isInstanceOf(BootOutcome.Running.class);
        assertThat(fake.memory().asSlice(0, 16).toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(new byte[]{1, 2, 3, 4, 5, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1});
        assertThat(fake.registers().written()).contains("110=5");
    }

    @Test
    void bootsFromHostMemoryAndUnmapsItAfterwards() {
        fake.registers().onWrite(COMMAND, value -> {
            assertThat(value).isEqualTo(3);
            assertThat(fake.mapping(fake.registers().get(ADDRESS)).memory().asSlice(0, 5).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(IMAGE);
        });
        then(BootState.LOADING, BootState.RUNNING);
        assertThat(boot.boot(IMAGE, ImageSource.HOST_DMA)).isInstanceOf(BootOutcome.Running.class);
        assertThat(fake.mappings()).isEmpty();
    }

    @Test
    void aRefusalNamesTheRomsReason() {
        then(BootState.LOADING, BootState.VERIFYING);
        script.add(BootState.ROM_READY.value() | BootError.BAD_SIGNATURE.value() << 8 | 1 << 16);
        assertThat(boot.boot(IMAGE, ImageSource.DEVICE_MEMORY)).isEqualTo(new BootOutcome.Refused(BootError.BAD_SIGNATURE));
    }

    @Test
    void aRefusalTooFastToSeeTheStatesIsSeenByItsCount() {
        fake.registers().set(STATUS, BootState.ROM_READY.value() | BootError.BAD_MAGIC.value() << 8 | 1 << 16);
        script.add(BootState.ROM_READY.value() | BootError.TRUNCATED.value() << 8 | 2 << 16);
        assertThat(boot.boot(IMAGE, ImageSource.DEVICE_MEMORY)).isEqualTo(new BootOutcome.Refused(BootError.TRUNCATED));
    }

    @Test
    void aRomThatDoesNothingTimesOut() {
        assertThat(boot.boot(IMAGE, ImageSource.DEVICE_MEMORY)).isEqualTo(new BootOutcome.TimedOut(BootState.ROM_READY));
        fake.registers().set(STATUS, BootState.ROM_READY.value());
        then(BootState.LOADING);
        assertThat(boot.boot(IMAGE, ImageSource.DEVICE_MEMORY)).isEqualTo(new BootOutcome.TimedOut(BootState.LOADING));
    }

    @Test
    void aRomThatIsNotReadyGetsNoImage() {
        fake.registers().set(STATUS, BootState.HALTED.value());
        assertThat(boot.boot(IMAGE, ImageSource.DEVICE_MEMORY)).isEqualTo(new BootOutcome.NotReady(BootState.HALTED));
        assertThat(fake.registers().written()).isEmpty();
    }

    @Test
    void aStateThatDoesNotExistIsNotBelieved() {
        then(BootState.LOADING);
        script.add(13);
        assertThatThrownBy(() -> boot.boot(IMAGE, ImageSource.DEVICE_MEMORY)).isInstanceOf(DeviceLostException.class)
                .hasMessageContaining("unknown value 13");
    }

    @Test
    void aDeviceThatGoesAwayIsLost() {
        fake.registers().onWrite(COMMAND, value -> fake.registers().disappear());
        assertThatThrownBy(() -> boot.boot(IMAGE, ImageSource.HOST_DMA)).isInstanceOf(DeviceLostException.class);
        assertThat(fake.mappings()).isEmpty();
    }
}
