package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.PowerRegs;
import dev.openppu.hal.ResetKind;
import dev.openppu.model.device.TestKernels.Name;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Power, temperature and clocks under the simulated clock: exact, because nothing but time and work moves them. */
class PowerTest {
    private static final long SECOND = Bench.SECOND;
    private static final long OUT = TestContext.DEVICE_VA + (8 << 20);

    private Bench bench;
    private PowerRegs power;
    private TestContext context;
    private TestQueue queue;
    private TestKernels kernels;

    @BeforeEach
    void boot() {
        bench = Bench.simulated(51).booted();
        power = bench.regs.power();
        context = new TestContext(bench, 1);
        kernels = new TestKernels(context);
        queue = context.queue(0).enable();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void anIdleDeviceIsCoolAndSlow() {
        bench.sleep(200 * SECOND);
        assertThat(power.readDraw()).isEqualTo(57_000);
        assertThat(ppuTenths()).isBetween(310, 325);
        assertThat(power.readClocks()).isEqualTo(1800 << 16 | 200);
        assertThat(power.readThrottle()).isEqualTo(PowerRegs.Throttle.IDLE_MASK);
        assertThat(power.readPerformance()).isEqualTo(8);
        assertThat(power.readCapRange()).isEqualTo(400 << 16 | 100);
        assertThat(power.readThresholds()).isEqualTo(950 << 16 | 920);
        long before = power.readEnergy();
        long from = bench.regs.timer().readNow();
        bench.sleep(10 * SECOND);
        assertThat(power.readEnergy() - before).isCloseTo((bench.regs.timer().readNow() - from) * 57 / 1_000_000, within(100));
        bench.reset(ResetKind.FUNCTION_LEVEL);
        assertThat(power.readEnergy()).isLessThan(10);
        assertThat(ppuTenths()).as("a reset cools nothing").isBetween(310, 325);
    }

    @Test
    void anIdleSimulationHasNothingToDo() {
        // with an event a second, a sleep of a year would take a while
        long begin = System.nanoTime();
        bench.faults.hangFirmware();
        bench.sleep(365 * 24 * 3600 * SECOND);
        assertThat(System.nanoTime() - begin).isLessThan(20 * SECOND);
        assertThat(power.readEnergy()).isCloseTo(365L * 24 * 3600 * 57_000, within(10_000_000));
    }

    @Test
    void aFullDeviceDrawsItsCap() {
        fill();
        assertThat(power.readClocks() & 0xffff).isEqualTo(1700);
        assertThat(power.readDraw()).isBetween(380_000, 400_000);
        assertThat(power.readPerformance()).isZero();
        assertThat(power.readThrottle()).isZero();
        long before = power.readEnergy();
        bench.sleep(300_000);
        assertThat(power.readEnergy() - before).as("millijoules in 0.3 ms").isBetween(114L, 130L);
    }

    @Test
    void theCapLowersTheClock() {
        power.writeCap(200);
        fill();
        assertThat(power.readDraw()).isBetween(195_000, 200_000);
        assertThat(PowerRegs.Throttle.powerCap(power.readThrottle())).isTrue();
        int clock = power.readClocks() & 0xffff;
        assertThat(clock).isBetween(900, 1200);
        bench.sleep(200_000);
        assertThat(power.readPowerViolation()).isGreaterThan(200_000);
        assertThat(power.readThermalViolation()).isZero();
        power.writeCap(1);
        assertThat(power.readDraw()).as("clamped to the range").isBetween(90_000, 100_000);
        power.writeCap(0);
        assertThat(power.readClocks() & 0xffff).as("0 is the default").isEqualTo(1700);
    }

    @Test
    void locksAndApplicationsClocksAreFollowed() {
        power.writeLock(PowerRegs.Lock.withHighest(PowerRegs.Lock.withLowest(0, 500), 900));
        assertThat(power.readClocks() & 0xffff).as("idle, not below the lock").isEqualTo(500);
        fill();
        assertThat(power.readClocks() & 0xffff).isEqualTo(900);
        power.writeLock(0);
        power.writeApplications(PowerRegs.Applications.withMemory(PowerRegs.Applications.withUnits(0, 1000), 1200));
        assertThat(power.readClocks()).isEqualTo(1200 << 16 | 1000);
        assertThat(power.readThrottle()).isEqualTo(PowerRegs.Throttle.APPLICATIONS_MASK);
        power.writeApplications(-1);
        assertThat(power.readClocks()).as("never above what the device can").isEqualTo(1800 << 16 | 1700);
    }

    @Test
    void kernelsTakeAsLongAsTheClockSays() {
        long fast = nanosOfAKernel();
        power.writeLock(PowerRegs.Lock.withHighest(0, 340));
        long slow = nanosOfAKernel();
        assertThat((double) slow / fast).isBetween(3.5, 5.1);
    }

    @Test
    void thePowerBrakeThrottlesAndRaisesItsCause() {
        bench.regs.interrupts().writeRaw(-1);
        bench.regs.interrupts().writeEnable(InterruptsRegs.Enable.THROTTLE_MASK);
        int before = bench.host.interrupts(0);
        fill();
        assertThat(bench.host.interrupts(0)).as("being busy is no event").isEqualTo(before);
        bench.faults.powerBrake(true);
        assertThat(power.readClocks() & 0xffff).isEqualTo(425);
        assertThat(PowerRegs.Throttle.powerBrake(power.readThrottle())).isTrue();
        assertThat(bench.host.interrupts(0)).isEqualTo(before + 1);
        bench.faults.powerBrake(false);
        assertThat(power.readClocks() & 0xffff).isEqualTo(1700);
    }

    @Test
    void aHotDeviceSlowsDownInTimeAndRecovers() {
        bench.sleep(200 * SECOND);
        bench.regs.interrupts().writeRaw(-1);
        bench.regs.interrupts().writeEnable(InterruptsRegs.Enable.THROTTLE_MASK);
        int before = bench.host.interrupts(0);
        // idle settles at 87.0 + 6.84 degrees
        bench.faults.ambient(87);
        long begin = bench.regs.timer().readNow();
        while (bench.host.interrupts(0) == before) {
            bench.sleep(SECOND / 10);
        }
        double seconds = (bench.regs.timer().readNow() - begin) / 1e9;
        // 20 s * ln((93.84 - 31.84) / (93.84 - 92))
        assertThat(seconds).isBetween(69.0, 71.5);
        assertThat(PowerRegs.Throttle.thermal(power.readThrottle())).isTrue();
        assertThat(ppuTenths()).isBetween(920, 922);
        bench.sleep(5 * SECOND);
        assertThat(power.readThermalViolation()).isBetween(4_900_000_000L, 5_200_000_000L);
        bench.regs.interrupts().writeRaw(-1);
        bench.faults.ambient(25);
        bench.sleep(SECOND);
        assertThat(PowerRegs.Throttle.thermal(power.readThrottle())).as("not before it is at 89").isTrue();
        bench.sleep(10 * SECOND);
        assertThat(PowerRegs.Throttle.thermal(power.readThrottle())).isFalse();
        assertThat(bench.host.interrupts(0)).isEqualTo(before + 2);
    }

    @Test
    void atTheShutdownTemperatureTheDeviceTurnsItselfOff() {
        bench.faults.ambient(100);
        bench.sleep(5 * SECOND);
        assertThat(bench.host.turnedOff).isFalse();
        bench.sleep(90 * SECOND);
        assertThat(bench.host.turnedOff).isTrue();
        int beat = bench.regs.fw().readHeartbeat();
        bench.sleep(SECOND);
        assertThat(bench.regs.fw().readHeartbeat()).isEqualTo(beat);
        bench.faults.ambient(25);
        bench.host.turnedOff = false;
        bench.reset(ResetKind.COLD);
        bench.booted();
        assertThat(bench.state()).isEqualTo(BootState.RUNNING);
        bench.sleep(100 * SECOND);
        assertThat(bench.host.turnedOff).isFalse();
    }

    private static org.assertj.core.data.Offset<Long> within(long offset) {
        return org.assertj.core.data.Offset.offset(offset);
    }

    /** Every unit has a block that never ends. */
    private void fill() {
        kernels.launch(queue, Name.FOREVER, 64, 32, kernels.parameters(0, 0));
        bench.await("all units at work", () -> bench.regs.compute().readBlocksActive() == 64);
    }

    private long nanosOfAKernel() {
        long begin = bench.regs.timer().readNow();
        queue.awaitSignal(kernels.launch(queue, Name.NUMBER, 8192, 1024, kernels.parameters(OUT, 5)));
        return bench.regs.timer().readNow() - begin;
    }

    private int ppuTenths() {
        return PowerRegs.Temperature.ppu(power.readTemperature());
    }
}
