package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.ResetKind;
import dev.openppu.model.reg.MemoryRegs;
import org.junit.jupiter.api.Test;

/** Corrected errors of a page are counted from a reset on ({@code docs/device.md}, section 6, page retirement). */
class EccSinceResetTest {
    private static final long WORD = 0x700_0000;

    @Test
    void errorsOfBeforeAResetDoNotRetireAPageAfterIt() {
        try (Bench bench = Bench.simulated(41)) {
            bench.booted();
            for (int life = 0; life < 2; life++) {
                bench.regs.memory().writeEccThreshold(MemoryRegs.EccThreshold.withChannel(MemoryRegs.EccThreshold.withPage(0, 2), 100));
                findOne(bench);
                assertThat(bench.regs.memory().readRetired()).as("pages after one error, life %d", life).isZero();
                bench.reset(ResetKind.FUNCTION_LEVEL);
                bench.booted();
            }
            bench.regs.memory().writeEccThreshold(MemoryRegs.EccThreshold.withChannel(MemoryRegs.EccThreshold.withPage(0, 2), 100));
            findOne(bench);
            findOne(bench);
            assertThat(MemoryRegs.Retired.pages(bench.regs.memory().readRetired())).as("pages after two errors").isEqualTo(1);
        }
    }

    private static void findOne(Bench bench) {
        bench.faults.flipBits(WORD, 1);
        bench.bar2.read64(WORD);
        bench.sleep(100_000);
    }
}
