package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.firmware.FirmwareImage;
import dev.openppu.abi.firmware.FirmwareProgram;
import dev.openppu.abi.firmware.KeyKind;
import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.hal.ResetKind;
import java.lang.foreign.MemorySegment;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Section 3 of docs/device.md: the boot ROM. */
class BootTest {
    private Bench bench;

    @BeforeEach
    void power() {
        bench = Bench.simulated(1);
        bench.awaitState(BootState.ROM_READY);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void bootsFromDeviceMemory() {
        bench.boot(Bench.image(1, Map.of()));
        assertThat(bench.state()).isEqualTo(BootState.LOADING);
        bench.awaitState(BootState.RUNNING);
        assertThat(bench.regs.fw().readVersion()).isEqualTo(0x0001_0203);
        assertThat(bench.regs.fw().readMessageAbi()).isEqualTo(0x0001_0101);
    }

    @Test
    void bootsFromHostMemory() {
        byte[] image = Bench.image(1, Map.of());
        MemorySegment memory = bench.host.map(0x4000_0000L, 1 << 20);
        MemorySegment.copy(image, 0, memory, java.lang.foreign.ValueLayout.JAVA_BYTE, 0x123, image.length);
        bench.start(ImageSource.HOST_DMA, 0x4000_0123L, image.length);
        bench.awaitState(BootState.RUNNING);
    }

    @Test
    void heartbeatCountsAtTheAnnouncedPeriod() {
        bench.boot(Bench.image(1, Map.of("heartbeat.micros", "500")));
        bench.awaitState(BootState.RUNNING);
        bench.sleep(1_000_000);
        assertThat(bench.regs.fw().readHeartbeatPeriod()).isEqualTo(500);
        int before = bench.regs.fw().readHeartbeat();
        bench.sleep(50_000_000);
        assertThat(bench.regs.fw().readHeartbeat() - before).isBetween(99, 101);
    }

    @Test
    void refusesEveryDamageByNameAndStaysReady() {
        byte[] good = Bench.image(1, Map.of());
        refused(BootError.BAD_MAGIC, flipped(good, 3));
        refused(BootError.BAD_HEADER, flipped(good, 0x70));
        refused(BootError.BAD_SECTION, flipped(good, 0x100));
        refused(BootError.DIGEST_MISMATCH, flipped(good, 0x1c0));
        refused(BootError.BAD_SIGNATURE, flipped(good, 0x30));
        refused(BootError.BAD_SIGNATURE, flipped(good, good.length - 1));
        refused(BootError.UNKNOWN_KEY, flipped(good, 0x28));
        refused(BootError.TRUNCATED, Arrays.copyOf(good, good.length - 1));
        refused(BootError.TRUNCATED, Arrays.copyOf(good, 7));
        refused(BootError.WRONG_TARGET, Bench.image(FirmwareProgram.OPENPPU, 2, 1, Map.of(), Bench.KEY, Bench.KEYS));
        refused(BootError.ROLLED_BACK, Bench.image(0, Map.of()));
        KeyPair stranger = Bench.keys();
        refused(BootError.UNKNOWN_KEY,
                Bench.image(FirmwareProgram.OPENPPU, 1, 1, Map.of(), Bench.publicKey(KeyKind.DEVELOPMENT, stranger), stranger));
        refused(BootError.BAD_SIGNATURE, Bench.image(FirmwareProgram.OPENPPU, 1, 1, Map.of(), Bench.KEY, stranger));
        assertThat(BootRegs.Status.refused(bench.regs.boot().readStatus())).isEqualTo(13);
        bench.boot(good);
        bench.awaitState(BootState.RUNNING);
    }

    @Test
    void refusesImagesThatCannotBeReached() {
        refusedAt(BootError.TOO_LARGE, ImageSource.DEVICE_MEMORY, 0, FirmwareImage.MAXIMUM_BYTES + 1);
        refusedAt(BootError.BAD_ADDRESS, ImageSource.DEVICE_MEMORY, 0x1_0010, 4096);
        refusedAt(BootError.BAD_ADDRESS, ImageSource.DEVICE_MEMORY, 96L << 30, 4096);
        refusedAt(BootError.BAD_ADDRESS, ImageSource.DEVICE_MEMORY, -4096, 4096);
        refusedAt(BootError.DMA_FAULT, ImageSource.HOST_DMA, 0x5000_0000L, 4096);
    }

    @Test
    void firmwareThatNeverReportsItselfIsRefusedAndDoesNotAdvanceTheCounter() {
        bench.boot(Bench.image("something-else", 1, 9, Map.of(), Bench.KEY, Bench.KEYS));
        bench.awaitState(BootState.STARTING);
        assertThat(bench.regs.boot().readSecurityVersion()).isEqualTo(1);
        bench.awaitState(BootState.ROM_READY);
        assertThat(error()).isEqualTo(BootError.FW_FAILED);
        bench.boot(Bench.image(1, Map.of()));
        bench.awaitState(BootState.RUNNING);
    }

    @Test
    void rollbackCounterAdvancesWhenTheFirmwareRunsAndSurvivesPowerOff() {
        bench.boot(Bench.image(5, Map.of()));
        bench.awaitState(BootState.RUNNING);
        assertThat(bench.regs.boot().readSecurityVersion()).isEqualTo(5);
        bench.reset(ResetKind.COLD);
        bench.awaitState(BootState.ROM_READY);
        assertThat(bench.regs.boot().readSecurityVersion()).isEqualTo(5);
        refused(BootError.ROLLED_BACK, Bench.image(4, Map.of()));
        bench.boot(Bench.image(5, Map.of()));
        bench.awaitState(BootState.RUNNING);
    }

    @Test
    void changingTheImageAfterItWasCopiedChangesNothing() {
        bench.boot(Bench.image(1, Map.of()));
        bench.awaitState(BootState.VERIFYING);
        bench.bar2.writeBytes(0x10_0000, MemorySegment.ofArray(new byte[4096]));
        bench.awaitState(BootState.RUNNING);
    }

    @Test
    void startIsIgnoredWhileTheFirmwareRuns() {
        bench.boot(Bench.image(1, Map.of()));
        bench.awaitState(BootState.RUNNING);
        bench.boot(new byte[4096]);
        bench.sleep(10_000_000);
        assertThat(bench.state()).isEqualTo(BootState.RUNNING);
        assertThat(error()).isEqualTo(BootError.NONE);
    }

    @Test
    void changesOfStateRaiseTheBootCause() {
        bench.regs.interrupts().writeRaw(InterruptsRegs.Raw.BOOT_MASK);
        bench.regs.interrupts().writeEnable(InterruptsRegs.Enable.BOOT_MASK);
        int before = bench.host.interrupts(0);
        bench.boot(Bench.image(1, Map.of()));
        bench.awaitState(BootState.RUNNING);
        assertThat(bench.host.interrupts(0)).isEqualTo(before + 1);
        bench.regs.interrupts().writeRaw(InterruptsRegs.Raw.BOOT_MASK);
        assertThat(bench.regs.interrupts().readStatus()).isZero();
    }

    @Test
    void aResetWhileLoadingLeavesAReadyRom() {
        bench.boot(Bench.image(1, Map.of()));
        bench.reset(ResetKind.FUNCTION_LEVEL);
        bench.awaitState(BootState.ROM_READY);
        bench.sleep(Bench.SECOND);
        assertThat(bench.state()).isEqualTo(BootState.ROM_READY);
        assertThat(bench.regs.boot().readImageSize()).isZero();
        assertThat(bench.regs.boot().readResets()).isEqualTo(BootRegs.Resets.withLast(1, 2));
    }

    private void refused(BootError why, byte[] image) {
        bench.boot(image);
        bench.await("refusal", () -> bench.state() == BootState.ROM_READY);
        assertThat(error()).isEqualTo(why);
    }

    private void refusedAt(BootError why, ImageSource source, long address, int size) {
        bench.start(source, address, size);
        assertThat(bench.state()).isEqualTo(BootState.LOADING);
        bench.awaitState(BootState.ROM_READY);
        assertThat(error()).isEqualTo(why);
    }

    private BootError error() {
        return BootError.of(BootRegs.Status.error(bench.regs.boot().readStatus()));
    }

    private static byte[] flipped(byte[] image, int at) {
        byte[] copy = image.clone();
        copy[at] ^= 1;
        return copy;
    }
}
