package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.firmware.FirmwareImage;
import dev.openppu.abi.firmware.FirmwareProgram;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FlashRegs;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.hal.ResetKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Firmware slots in flash: updates, trials, fall-back, and power that goes at any step. */
class FlashTest {
    private static final long IOVA = 0x7000_0000L;
    private static final int PART = 700;
    private Bench bench;
    private MemorySegment staging;

    @BeforeEach
    void power() {
        bench = Bench.simulated(21);
        staging = bench.host.map(IOVA, 1 << 20);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void emptySlotsBootNothing() {
        bench.awaitState(BootState.ROM_READY);
        assertThat(status()).isZero();
        assertThat(bench.regs.flash().readSlotSize()).isEqualTo(4 << 20);
        bootFromFlash();
        assertThat(bench.state()).isEqualTo(BootState.ROM_READY);
        assertThat(error()).isEqualTo(BootError.NO_SLOT);
        bench.booted();
    }

    @Test
    void anUpdateIsTriedOnceConfirmedAndStays() {
        bench.booted();
        TestRings rings = greeted();
        assertThat(update(rings, Bench.image(2, Map.of("which", "first")))).isEqualTo(MessageStatus.OK);
        assertThat(FlashRegs.Status.trying(status())).isTrue();
        assertThat(FlashRegs.Status.bValid(status())).isTrue();
        assertThat(bench.regs.flash().readBVersion()).isEqualTo(0x0001_0203);
        restart(ResetKind.FUNCTION_LEVEL);
        assertThat(bench.state()).isEqualTo(BootState.RUNNING);
        assertSlot(1, false);
        assertThat(bench.regs.boot().readSecurityVersion()).isEqualTo(2);
        bench.sleep(10_000_000);
        restart(ResetKind.COLD);
        assertSlot(1, false);
        assertThat(update(greeted(), Bench.image(3, Map.of("which", "second")))).isEqualTo(MessageStatus.OK);
        restart(ResetKind.SECONDARY_BUS);
        assertSlot(0, false);
        assertThat(bench.regs.boot().readSecurityVersion()).isEqualTo(3);
        assertThat(FlashRegs.Status.bValid(status())).as("rolled back").isFalse();
        assertThat(FlashRegs.Status.aValid(status())).isTrue();
    }

    /** Until something has booted from flash the record names A, whatever it holds. */
    @Test
    void theOnlySlotThatBootsIsNotTouchedByTheNextUpdate() {
        bench.booted();
        TestRings rings = greeted();
        assertThat(update(rings, Bench.image(2, Map.of("which", "first")))).isEqualTo(MessageStatus.OK);
        assertThat(FlashRegs.Status.active(status())).as("B, for A is empty").isTrue();
        expectRefused(rings, new byte[FirmwareImage.MINIMUM_BYTES], BootError.BAD_MAGIC);
        assertThat(FlashRegs.Status.bValid(status())).isTrue();
        assertThat(update(rings, Bench.image(2, Map.of("which", "second")))).isEqualTo(MessageStatus.OK);
        assertThat(FlashRegs.Status.aValid(status())).isTrue();
        assertThat(FlashRegs.Status.bValid(status())).isTrue();
    }

    @Test
    void firmwareThatDoesNotReportItselfFallsBack() {
        bench.booted();
        assertThat(update(greeted(), Bench.image(1, Map.of()))).isEqualTo(MessageStatus.OK);
        restart(ResetKind.COLD);
        assertSlot(1, false);
        byte[] mute = Bench.image("something-else", FirmwareImage.TARGET_PPU001, 7, Map.of(), Bench.KEY, Bench.KEYS);
        assertThat(update(greeted(), mute)).isEqualTo(MessageStatus.OK);
        restart(ResetKind.FUNCTION_LEVEL);
        assertThat(bench.state()).isEqualTo(BootState.RUNNING);
        assertSlot(1, true);
        assertThat(bench.regs.boot().readSecurityVersion()).as("did not advance").isEqualTo(1);
        bench.sleep(10_000_000);
        restart(ResetKind.FUNCTION_LEVEL);
        assertSlot(1, true);
        assertThat(update(greeted(), Bench.image(1, Map.of()))).isEqualTo(MessageStatus.OK);
        assertThat(FlashRegs.Status.fellBack(status())).as("a new trial forgets the old one").isFalse();
    }

    @Test
    void aTrialThatWasResetBeforeItReportedItselfFallsBack() {
        bench.booted();
        update(greeted(), Bench.image(1, Map.of()));
        restart(ResetKind.COLD);
        update(greeted(), Bench.image(FirmwareProgram.OPENPPU, 1, 1, Map.of("which", "new"), Bench.KEY, Bench.KEYS));
        bench.reset(ResetKind.COLD);
        bench.awaitState(BootState.ROM_READY);
        bench.start(ImageSource.FLASH, 0, 0);
        bench.awaitState(BootState.STARTING);
        restart(ResetKind.COLD);
        assertThat(bench.state()).isEqualTo(BootState.RUNNING);
        assertSlot(1, true);
    }

    @Test
    void imagesThatTheRomWouldRefuseAreRefusedAtFinish() {
        bench.awaitState(BootState.ROM_READY);
        bench.boot(Bench.image(5, Map.of()));
        bench.awaitState(BootState.RUNNING);
        TestRings rings = greeted();
        byte[] good = Bench.image(5, Map.of());
        byte[] damaged = good.clone();
        damaged[0x1c0] ^= 1;
        expectRefused(rings, damaged, BootError.DIGEST_MISMATCH);
        expectRefused(rings, Bench.image(4, Map.of()), BootError.ROLLED_BACK);
        expectRefused(rings, Bench.image(FirmwareProgram.OPENPPU, 1, 5, Map.of(), Bench.KEY, Bench.keys()), BootError.BAD_SIGNATURE);
        assertThat(status()).isZero();
        assertThat(rings.logs).hasSize(3).allSatisfy(text -> assertThat(text).startsWith("update of slot B refused: "));
    }

    @Test
    void badStepsAreRefused() {
        bench.booted();
        TestRings rings = greeted();
        assertThat(rings.call(MessageType.UPDATE_BEGIN, 0).status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
        assertThat(rings.call(MessageType.UPDATE_BEGIN, (4 << 20) + 1).status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
        assertThat(rings.call(MessageType.UPDATE_BEGIN, -1).status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
        assertThat(rings.call(MessageType.UPDATE_DATA, 0, IOVA, 16).status()).as("before begin").isEqualTo(MessageStatus.BAD_ARGUMENT);
        assertThat(rings.call(MessageType.UPDATE_FINISH).status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
        assertThat(rings.call(MessageType.UPDATE_BEGIN, 1000).w1()).isEqualTo(1);
        assertThat(rings.call(MessageType.UPDATE_DATA, 1, IOVA, 16).status()).as("a gap").isEqualTo(MessageStatus.BAD_ARGUMENT);
        assertThat(rings.call(MessageType.UPDATE_DATA, 0, IOVA, 1001).status()).as("beyond").isEqualTo(MessageStatus.BAD_ARGUMENT);
        assertThat(rings.call(MessageType.UPDATE_DATA, 0, IOVA, -1).status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
        assertThat(rings.call(MessageType.UPDATE_DATA, 0, 0x1234_0000_0000L, 16).w1()).isEqualTo(BootError.DMA_FAULT.value());
        assertThat(rings.call(MessageType.UPDATE_DATA, 0, IOVA, 16).status()).isEqualTo(MessageStatus.OK);
        TestRings.Reply finish = rings.call(MessageType.UPDATE_FINISH);
        assertThat(finish.status()).isEqualTo(MessageStatus.BAD_ARGUMENT);
        assertThat(finish.w1()).isEqualTo(BootError.TRUNCATED.value());
    }

    @Test
    void aHostOfTheOlderInterfaceDoesNotSeeTheNewCommands() {
        bench.booted();
        TestRings rings = new TestRings(bench, 4).greeted();
        assertThat(rings.call(MessageType.UPDATE_BEGIN, 1000).status()).isEqualTo(MessageStatus.UNKNOWN_TYPE);
        assertThat(rings.call(MessageType.HELLO, 1, 1, 1).w2()).isEqualTo(1);
        assertThat(rings.call(MessageType.UPDATE_BEGIN, 1000).status()).isEqualTo(MessageStatus.OK);
    }

    /**
     * For every flash operation of an update and of the boot after it: power goes there, comes back, and the device boots the old image or the new one, never
     * nothing; at the next update it takes the new one.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void powerMayGoAtEveryStepOfAnUpdate(boolean half) {
        byte[] old = Bench.image(1, Map.of("which", "old"));
        byte[] fresh = Bench.image(2, Map.of("which", "new"));
        bench.close();
        int cuts = 0;
        boolean wentThrough = false;
        for (int cut = 1; !wentThrough; cut++) {
            try (Bench each = Bench.simulated(100 + cut)) {
                bench = each;
                staging = bench.host.map(IOVA, 1 << 20);
                bench.booted();
                assertThat(update(greeted(), old)).isEqualTo(MessageStatus.OK);
                restart(ResetKind.COLD);
                bench.sleep(20_000_000);
                assertSlot(1, false);
                bench.faults.losePowerAtFlashOperation(cut, half);
                wentThrough = interruptedUpdate(fresh);
                bench.faults.losePowerAtFlashOperation(Integer.MAX_VALUE, half);
                cuts += wentThrough ? 0 : 1;
                restart(ResetKind.COLD);
                assertThat(bench.state()).as("power lost at operation %d", cut).isEqualTo(BootState.RUNNING);
                long security = bench.regs.boot().readSecurityVersion();
                int slot = FlashRegs.Status.bootedSlot(status()) ? 1 : 0;
                assertThat(slot).as("security version %d after operation %d", security, cut).isEqualTo(security == 2 ? 0 : 1);
                bench.sleep(20_000_000);
                assertThat(update(greeted(), fresh)).isEqualTo(MessageStatus.OK);
                restart(ResetKind.COLD);
                assertThat(bench.regs.boot().readSecurityVersion()).isEqualTo(2);
                bench.sleep(20_000_000);
                restart(ResetKind.COLD);
                assertThat(bench.state()).isEqualTo(BootState.RUNNING);
            }
        }
        // a sector, the image's pages, then the records of the wish, of the trial and of its end, two operations each
        assertThat(cuts).isEqualTo(1 + pages(fresh.length) + 6);
        bench = Bench.simulated(1);
    }

    /** Pages of the flash that parts of an image touch. */
    private static int pages(int bytes) {
        int pages = 0;
        for (int at = 0; at < bytes; at += PART) {
            int end = Math.min(at + PART, bytes);
            pages += (end - 1) / 256 - at / 256 + 1;
        }
        return pages;
    }

    /** Updates and boots; returns whether power lasted. */
    private boolean interruptedUpdate(byte[] image) {
        TestRings rings = greeted();
        MemorySegment.copy(image, 0, staging, ValueLayout.JAVA_BYTE, 0, image.length);
        rings.send(MessageType.UPDATE_BEGIN.code(), rings.sequence + 1, true, image.length);
        for (int at = 0; at < image.length; at += PART) {
            rings.send(MessageType.UPDATE_DATA.code(), rings.sequence + 1, true, at, IOVA + at, Math.min(PART, image.length - at));
        }
        rings.send(MessageType.UPDATE_FINISH.code(), rings.sequence + 1, true);
        bench.sleep(50_000_000);
        if (!bench.host.turnedOff) {
            bench.reset(ResetKind.FUNCTION_LEVEL);
            bench.awaitState(BootState.ROM_READY);
            bench.start(ImageSource.FLASH, 0, 0);
            bench.sleep(50_000_000);
        }
        return !bench.host.turnedOff;
    }

    private void expectRefused(TestRings rings, byte[] image, BootError why) {
        assertThat(update(rings, image)).isEqualTo(MessageStatus.BAD_ARGUMENT);
        assertThat(lastFinish.w1()).isEqualTo(why.value());
    }

    private TestRings.Reply lastFinish = new TestRings.Reply(0, 0, MessageStatus.OK, 0, 0, 0, 0);

    private MessageStatus update(TestRings rings, byte[] image) {
        MemorySegment.copy(image, 0, staging, ValueLayout.JAVA_BYTE, 0, image.length);
        assertThat(rings.call(MessageType.UPDATE_BEGIN, image.length).status()).isEqualTo(MessageStatus.OK);
        for (int at = 0; at < image.length; at += PART) {
            int bytes = Math.min(PART, image.length - at);
            assertThat(rings.call(MessageType.UPDATE_DATA, at, IOVA + at, bytes).status()).isEqualTo(MessageStatus.OK);
        }
        lastFinish = rings.call(MessageType.UPDATE_FINISH);
        return lastFinish.status();
    }

    private TestRings greeted() {
        TestRings rings = new TestRings(bench, 4);
        assertThat(rings.call(MessageType.HELLO, 1, 1, 1).status()).isEqualTo(MessageStatus.OK);
        return rings;
    }

    private void restart(ResetKind kind) {
        bench.reset(kind);
        bench.awaitState(BootState.ROM_READY);
        bootFromFlash();
    }

    private void bootFromFlash() {
        bench.start(ImageSource.FLASH, 0, 0);
        bench.await("the end of the boot", () -> bench.state() == BootState.RUNNING || bench.state() == BootState.ROM_READY);
    }

    private void assertSlot(int slot, boolean fellBack) {
        int status = status();
        assertThat(FlashRegs.Status.booted(status)).isTrue();
        assertThat(FlashRegs.Status.bootedSlot(status) ? 1 : 0).isEqualTo(slot);
        assertThat(FlashRegs.Status.fellBack(status)).isEqualTo(fellBack);
    }

    private int status() {
        return bench.regs.flash().readStatus();
    }

    private BootError error() {
        return BootError.of(BootRegs.Status.error(bench.regs.boot().readStatus()));
    }
}
