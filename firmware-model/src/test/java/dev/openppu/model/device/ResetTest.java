package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.hal.ResetKind;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 1 of docs/device.md: what resets do to the device, at whatever moment they come. */
class ResetTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aResetInTheMiddleOfEverythingLeavesNothingBehind(long seed) {
        Random random = new Random(seed);
        try (Bench bench = Bench.simulated(seed)) {
            for (int round = 0; round < 4; round++) {
                bench.booted();
                TestContext context = new TestContext(bench, 1);
                TestQueue queue = context.queue(0).enable(QueueRegs.Control.withVector(QueueRegs.Control.withInterrupt(0, true), 3));
                bench.regs.memory().writeScrubLast((96L << 30) - 1);
                bench.regs.memory().writeScrub(1);
                for (int i = 0; i < 20; i++) {
                    queue.copy(TestContext.HOST_VA, TestContext.DEVICE_VA + random.nextInt(1 << 20), 1 + random.nextInt(4 << 20));
                }
                queue.copy(0, 0, 1);
                bench.sleep(random.nextInt(300_000));
                bench.reset(random.nextBoolean() ? ResetKind.FUNCTION_LEVEL : ResetKind.SECONDARY_BUS);
                int interrupts = bench.host.interrupts(3);
                byte[] host = context.host.asSlice(TestContext.HOST_BYTES - (64 << 10)).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
                bench.awaitState(BootState.ROM_READY);
                bench.sleep(50_000_000);
                assertThat(bench.regs.queue(0).readStatus()).isZero();
                assertThat(bench.regs.queue(0).readReadIndex()).isZero();
                assertThat(bench.regs.mmu().readFaultStatus()).isZero();
                assertThat(bench.regs.memory().readScrub()).isZero();
                assertThat(bench.regs.copy(0).readStatus() | bench.regs.copy(1).readStatus()).isZero();
                assertThat(bench.regs.interrupts().readRaw() & ~InterruptsRegs.Raw.BOOT_MASK).isZero();
                assertThat(bench.host.interrupts(3)).isEqualTo(interrupts);
                assertThat(context.host.asSlice(TestContext.HOST_BYTES - (64 << 10)).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
                        .isEqualTo(host);
                assertThat(BootRegs.Resets.count(bench.regs.boot().readResets())).isEqualTo(round + 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ResetKind.class)
    void deviceMemoryAndStickyRegistersSurviveAllButACold(ResetKind kind) {
        try (Bench bench = Bench.simulated(1).booted()) {
            bench.bar2.write64(0x234_5678, 99);
            bench.regs.fw().writeStickyScratch(2, 77);
            bench.regs.fw().writeScratch(2, 78);
            bench.regs.id().writeTest(5);
            bench.reset(kind);
            boolean cold = kind == ResetKind.COLD;
            assertThat(bench.bar2.read64(0x234_5678)).isEqualTo(cold ? 0 : 99);
            assertThat(bench.regs.fw().readStickyScratch(2)).isEqualTo(cold ? 0 : 77);
            assertThat(bench.regs.fw().readScratch(2)).isZero();
            assertThat(bench.regs.id().readTest()).isZero();
            assertThat(bench.regs.fw().readVersion()).isZero();
            assertThat(BootRegs.Resets.last(bench.regs.boot().readResets())).isEqualTo(switch (kind) {
                case COLD -> 0;
                case SECONDARY_BUS -> 1;
                case FUNCTION_LEVEL -> 2;
            });
            assertThat(bench.regs.memory().readSize()).isEqualTo(96L << 30);
            assertThat(bench.regs.id().readCapabilities()).isEqualTo(0x7bf);
            int beat = bench.regs.fw().readHeartbeat();
            bench.sleep(100_000_000);
            assertThat(bench.regs.fw().readHeartbeat()).isEqualTo(beat);
        }
    }
}
