package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.reg.InterruptsRegs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The device's own causes and their way to vector 0. */
class InterruptTest {
    private static final int ERROR = InterruptsRegs.Raw.ERROR_MASK;

    private Bench bench;
    private InterruptsRegs regs;

    @BeforeEach
    void boot() {
        bench = Bench.simulated(3).booted();
        regs = bench.regs.interrupts();
        regs.writeRaw(-1);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aCauseThatIsNotEnabledIsLatchedAndSentWhenItIsEnabled() {
        error();
        assertThat(regs.readRaw()).isEqualTo(ERROR);
        assertThat(regs.readStatus()).isZero();
        assertThat(bench.host.interrupts(0)).isZero();
        regs.writeEnable(ERROR);
        assertThat(regs.readStatus()).isEqualTo(ERROR);
        assertThat(bench.host.interrupts(0)).isEqualTo(1);
    }

    @Test
    void aCauseIsSentOnceUntilItIsClearedAndThenAgain() {
        regs.writeEnable(ERROR);
        error();
        error();
        assertThat(bench.host.interrupts(0)).isEqualTo(1);
        regs.writeRaw(InterruptsRegs.Raw.BOOT_MASK);
        assertThat(regs.readStatus()).as("another bit was cleared").isEqualTo(ERROR);
        regs.writeRaw(ERROR);
        assertThat(regs.readRaw() | regs.readStatus()).isZero();
        error();
        assertThat(bench.host.interrupts(0)).isEqualTo(2);
    }

    @Test
    void moderationHoldsBackAndLosesNothing() {
        regs.writeEnable(ERROR);
        regs.writeModeration(10_000);
        for (int i = 0; i < 20; i++) {
            error();
            regs.writeRaw(ERROR);
        }
        error();
        assertThat(bench.host.interrupts(0)).isBetween(1, 2);
        bench.sleep(30_000_000);
        assertThat(bench.host.interrupts(0)).isBetween(2, 3);
        assertThat(regs.readStatus()).isEqualTo(ERROR);
    }

    @Test
    void forceSendsAnyVectorThatThereIs() {
        int before = regs.readSent();
        for (int vector = 0; vector < 65; vector++) {
            force(vector);
            assertThat(bench.host.interrupts(vector)).isEqualTo(1);
        }
        force(65);
        force(0xfff);
        assertThat(regs.readSent() - before).isEqualTo(65);
        regs.writeForce(InterruptsRegs.Force.withVector(0, 7));
        assertThat(bench.host.interrupts(7)).as("without fire").isEqualTo(1);
    }

    /** A register access outside the map: the firmware logs it. */
    private void error() {
        int logged = bench.regs.errorLog().readTotal();
        bench.bar0.read32(0xf_0000);
        bench.await("the log", () -> bench.regs.errorLog().readTotal() == logged + 1);
    }

    private void force(int vector) {
        regs.writeForce(InterruptsRegs.Force.withFire(InterruptsRegs.Force.withVector(0, vector), true));
    }
}
