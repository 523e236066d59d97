package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.PowerRegs;
import dev.openppu.abi.reg.PowerRegs.Applications;
import dev.openppu.abi.reg.PowerRegs.Cap;
import dev.openppu.abi.reg.PowerRegs.CapRange;
import dev.openppu.abi.reg.PowerRegs.Clocks;
import dev.openppu.abi.reg.PowerRegs.Lock;
import dev.openppu.abi.reg.PowerRegs.Temperature;
import dev.openppu.abi.reg.PowerRegs.Thresholds;
import dev.openppu.abi.reg.PowerRegs.Throttle;
import dev.openppu.abi.reg.TimerRegs;
import dev.openppu.hal.Observable;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.PowerManagement;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.UnobservableException;
import dev.openppu.harness.bench.Bench;
import java.util.List;

/** Sensors, limits and clocks of a device with nothing to do, and what resets and D3hot leave of them. Under load: {@link PowerLoadCases}. */
final class PowerCases {
    private static final int TENTHS = 10;
    private static final int COLDEST = 10 * TENTHS;
    private static final int HOTTEST = 130 * TENTHS;
    private static final int IDLE_MEGAHERTZ = 200;
    private static final int IDLE_STATE = 8;
    private static final int BEYOND = 0xFFFF;
    private static final int REASONS = Throttle.THERMAL_MASK | Throttle.POWER_BRAKE_MASK | Throttle.POWER_CAP_MASK;
    private static final long PAUSE_NANOS = 20_000_000L;
    private static final double MILLIJOULES = 1e-9;

    private PowerCases() {}

    static Stage stage() {
        return new Stage("power", "Power, temperature and clocks", List.of(
                idle("sensors", "Sensors and limits", "Temperatures, draw, clocks and limits are plausible and agree with each other",
                        PowerCases::sensors),
                idle("energy", "Energy", "energy is the integral of draw", PowerCases::energy),
                idle("idle", "Nothing to do",
                        "With nothing to do the units run at 200 MHz, throttle says idle and no other reason, and the state is 8",
                        PowerCases::nothingToDo),
                idle("lock", "Locked clocks", "The lower end of lock holds while idle, from 200 MHz to the highest clock",
                        PowerCases::lock),
                idle("applications", "Applications clocks",
                        "applications below the highest clock shows in throttle; clocks.memory shows applications.memory up to the memory's clock",
                        PowerCases::applications),
                idle("cap", "Caps out of range",
                        "Values of cap outside cap_range count as its ends: neither changes what an idle device does",
                        PowerCases::cap),
                idle("violations", "Violations",
                        "thermal_violation and power_violation stand still while throttle gives no reason of theirs",
                        PowerCases::violations),
                idle("reset", "A reset", "A reset clears cap, lock, applications and energy, and cools nothing", PowerCases::reset),
                idle("d3hot", "D3hot", "Settings survive D3hot, and energy counts on", PowerCases::asleep)
                        .needing(Observable.RAW_CONFIG_SPACE),
                idle("brake", "The board's power brake", "While the brake is pulled the clock is a quarter", bench -> {
                    throw new UnobservableException("the brake is a pin of the board, and no register pulls it");
                }),
                idle("too-hot", "Slowdown and shutdown",
                        "Above the slowdown temperature the clock is halved; at the shutdown temperature the device turns itself off",
                        bench -> {
                            throw new UnobservableException("no work makes a sound device so hot, and no register does");
                        })));
    }

    private static Case idle(String id, String title, String rule, Case.Body body) {
        return Case.of("power." + id, title, Rule.guide(8, rule), bench -> {
            bench.closePpu();
            Presence.require(bench, "power");
            PowerRegs power = bench.registers().power();
            clear(power);
            try {
                body.run(bench);
            } finally {
                clear(power);
            }
        });
    }

    /** No limit but the device's own. */
    static void clear(PowerRegs power) {
        power.writeCap(0);
        power.writeLock(0);
        power.writeApplications(0);
    }

    private static void sensors(Bench bench) {
        PowerRegs power = bench.registers().power();
        int slowdown = Thresholds.slowdown(power.readThresholds());
        int shutdown = Thresholds.shutdown(power.readThresholds());
        Check.that(slowdown > COLDEST && slowdown < shutdown && shutdown < HOTTEST, "slowdown below shutdown, both from 10 to 130 C",
                "%d and %d tenths".formatted(slowdown, shutdown));
        int temperature = power.readTemperature();
        Check.that(Temperature.ppu(temperature) > COLDEST && Temperature.ppu(temperature) < slowdown,
                "a die from 10 C to the slowdown temperature",
                Temperature.ppu(temperature) + " tenths");
        Check.that(Temperature.memory(temperature) > COLDEST && Temperature.memory(temperature) < shutdown,
                "a memory from 10 C to the shutdown temperature", Temperature.memory(temperature) + " tenths");
        int lowest = CapRange.lowest(power.readCapRange());
        int highest = CapRange.highest(power.readCapRange());
        Check.that(lowest > 0 && lowest < highest, "a range of caps", lowest + " to " + highest + " W");
        int draw = power.readDraw();
        Check.that(draw > 0 && draw <= highest * 1000, "a draw of at most %d W".formatted(highest), draw + " mW");
        bench.note("%.1f C, %.1f W of %d to %d W".formatted(Temperature.ppu(temperature) / 10.0, draw / 1000.0, lowest, highest));
    }

    /** What was drawn between two reads of energy lies between what the shortest and the longest time between them make of it. */
    private static void energy(Bench bench) {
        PowerRegs power = bench.registers().power();
        TimerRegs timer = bench.registers().timer();
        int draw = power.readDraw();
        long earliest = timer.readNow();
        long before = power.readEnergy();
        long afterFirst = timer.readNow();
        bench.link().runtime().sleep(PAUSE_NANOS);
        long beforeSecond = timer.readNow();
        long drawn = power.readEnergy() - before;
        long latest = timer.readNow();
        Check.equal("draw of an idle device, in mW", draw, power.readDraw());
        double least = draw * ((beforeSecond - afterFirst) * MILLIJOULES) - 1;
        double most = draw * ((latest - earliest) * MILLIJOULES) + 1;
        Check.that(drawn >= least && drawn <= most, "%.2f to %.2f mJ".formatted(least, most), drawn + " mJ");
    }

    private static void nothingToDo(Bench bench) {
        PowerRegs power = bench.registers().power();
        Check.hex("power.throttle", Throttle.IDLE_MASK, power.readThrottle());
        Check.equal("MHz of the units", IDLE_MEGAHERTZ, Clocks.units(power.readClocks()));
        Check.equal("performance state", IDLE_STATE, PowerRegs.Performance.state(power.readPerformance()));
    }

    /** The highest clock of the units in MHz, which idle ones run at when they are locked beyond it. */
    static int highest(PowerRegs power) {
        power.writeLock(Lock.withLowest(0, BEYOND));
        int highest = Clocks.units(power.readClocks());
        power.writeLock(0);
        return highest;
    }

    private static void lock(Bench bench) {
        PowerRegs power = bench.registers().power();
        int highest = highest(power);
        Check.that(highest > IDLE_MEGAHERTZ && highest < BEYOND, "the highest clock, of a lock beyond it", highest + " MHz");
        for (int megahertz : new int[]{0, 1, IDLE_MEGAHERTZ - 1, IDLE_MEGAHERTZ, IDLE_MEGAHERTZ + 1, highest / 2, highest - 1, highest,
            highest + 1}) {
            power.writeLock(Lock.withLowest(0, megahertz));
            Check.equal("MHz of idle units, locked from %d MHz on".formatted(megahertz), Math.clamp(megahertz, IDLE_MEGAHERTZ, highest),
                    Clocks.units(power.readClocks()));
        }
        power.writeLock(Lock.withHighest(0, highest));
        Check.equal("MHz of idle units, locked to their highest clock at most", IDLE_MEGAHERTZ, Clocks.units(power.readClocks()));
        bench.note(highest + " MHz");
    }

    private static void applications(Bench bench) {
        PowerRegs power = bench.registers().power();
        int highest = highest(power);
        for (int megahertz : new int[]{1, IDLE_MEGAHERTZ, highest - 1, highest, BEYOND}) {
            power.writeApplications(Applications.withUnits(0, megahertz));
            Check.equal("throttle.applications of %d MHz".formatted(megahertz), megahertz < highest,
                    Throttle.applications(power.readThrottle()));
        }
        power.writeApplications(0);
        Check.equal("throttle.applications of the default", false, Throttle.applications(power.readThrottle()));
        int memory = Clocks.memory(power.readClocks());
        for (int megahertz : new int[]{1, memory - 1, memory, memory + 1, BEYOND}) {
            power.writeApplications(Applications.withMemory(0, megahertz));
            Check.equal("MHz of the memory, asked for %d".formatted(megahertz), Math.min(megahertz, memory),
                    Clocks.memory(power.readClocks()));
        }
    }

    private static void cap(Bench bench) {
        PowerRegs power = bench.registers().power();
        int draw = power.readDraw();
        int range = power.readCapRange();
        for (int watts : new int[]{1, CapRange.lowest(range) - 1, CapRange.lowest(range), CapRange.highest(range),
            CapRange.highest(range) + 1, BEYOND}) {
            power.writeCap(Cap.withWatts(0, watts));
            Check.equal("power.cap", watts, Cap.watts(power.readCap()));
            Check.equal("draw with a cap of %d W".formatted(watts), draw, power.readDraw());
            Check.hex("power.throttle with a cap of %d W".formatted(watts), Throttle.IDLE_MASK, power.readThrottle());
        }
    }

    private static void violations(Bench bench) {
        PowerRegs power = bench.registers().power();
        long thermal = power.readThermalViolation();
        long capped = power.readPowerViolation();
        Check.hex("reasons in power.throttle", 0, power.readThrottle() & REASONS);
        bench.link().runtime().sleep(PAUSE_NANOS);
        Check.equal("power.thermal_violation", thermal, power.readThermalViolation());
        Check.equal("power.power_violation", capped, power.readPowerViolation());
    }

    private static void reset(Bench bench) {
        PowerRegs power = bench.registers().power();
        power.writeCap(Cap.withWatts(0, CapRange.lowest(power.readCapRange())));
        power.writeLock(Lock.withLowest(0, IDLE_MEGAHERTZ * 2));
        power.writeApplications(Applications.withUnits(0, IDLE_MEGAHERTZ));
        bench.link().runtime().sleep(PAUSE_NANOS);
        int before = Temperature.ppu(power.readTemperature());
        long energy = power.readEnergy();
        long booted = bench.registers().timer().readNow();
        bench.function().resetMildly();
        Check.equal("power.cap", 0, power.readCap());
        Check.equal("power.lock", 0, power.readLock());
        Check.equal("power.applications", 0, power.readApplications());
        nothingToDo(bench);
        double most = power.readDraw() * ((bench.registers().timer().readNow() - booted) * MILLIJOULES) + 1;
        Check.that(power.readEnergy() <= most, "energy since the reset, at most %.2f mJ".formatted(most),
                power.readEnergy() + " mJ, " + energy + " mJ before");
        int after = Temperature.ppu(power.readTemperature());
        Check.that(Math.abs(after - before) <= TENTHS, "%d tenths of a degree, within a degree".formatted(before), after + " tenths");
    }

    private static void asleep(Bench bench) {
        PowerRegs power = bench.registers().power();
        ConfigSpace config = bench.link().config();
        int register = Capabilities.find(config, PowerManagement.ID).orElseThrow(() -> new CheckFailedException("power management", "none"))
                .offset()
                + PowerManagement.CONTROL_STATUS;
        power.writeLock(Lock.withLowest(0, IDLE_MEGAHERTZ * 2));
        long energy = power.readEnergy();
        config.write16(register, PowerManagement.D3HOT);
        bench.link().runtime().sleep(PAUSE_NANOS);
        config.write16(register, PowerManagement.D0);
        if (!bench.function().poll(() -> power.readThresholds() != -1, 1_000_000_000L)) {
            throw new CheckFailedException("registers answer after D3hot", "all ones");
        }
        Check.hex("power.lock after D3hot", Lock.withLowest(0, IDLE_MEGAHERTZ * 2), power.readLock());
        Check.equal("MHz of the units after D3hot", IDLE_MEGAHERTZ * 2, Clocks.units(power.readClocks()));
        Check.that(power.readEnergy() > energy, "more than %d mJ after D3hot".formatted(energy), power.readEnergy() + " mJ");
    }
}
