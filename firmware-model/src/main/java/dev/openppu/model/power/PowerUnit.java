package dev.openppu.model.power;

import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.interrupt.Cause;
import dev.openppu.model.interrupt.InterruptController;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.reg.PowerRegs;
import dev.openppu.model.reg.PowerRegs.Throttle;

/**
 * The power block. Between two changes of activity or settings the draw is constant, so everything is computed when somebody looks; an event is scheduled only when
 * the temperature is going to cross a threshold.
 */
public final class PowerUnit implements Activity {
    private static final double TENTHS = 10;
    private static final double MILLI = 1000;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int IDLE_STATE = 8;
    private static final int THROTTLED_STATE = 2;
    private static final long NONE = Long.MAX_VALUE;
    /** Within a millisecond in all. */
    private static final long TURN_OFF_NANOS = 10_000;
    private static final long TURN_OFF_SPREAD = 900_000;

    private final boolean present;
    private final PowerLimits limits;
    private final PowerRegs registers;
    private final Agenda agenda;
    private final InterruptController interrupts;
    private final Runnable turnOff;
    private final ThermalModel thermal = new ThermalModel();
    private int busyUnits;
    private int busyCopies;
    private boolean brake;
    private boolean tooHot;
    private boolean turningOff;
    private int throttle;
    private volatile int clock;
    private double watts;
    private long last;
    private long nextCheck = NONE;
    private double millijoules;
    private long thermalNanos;
    private long powerNanos;

    /** @param turnOff what a device that is too hot does */
    public PowerUnit(DeviceProfile profile, PowerRegs registers, Agenda agenda, InterruptController interrupts, Runnable turnOff) {
        this.present = profile.equipment().idleWatts() > 0;
        this.limits = PowerLimits.of(profile);
        this.registers = registers;
        this.agenda = agenda;
        this.interrupts = interrupts;
        this.turnOff = turnOff;
        this.clock = limits.megahertz();
    }

    /** Begins anew; the die keeps its temperature unless power was off. */
    public void reset(boolean cold) {
        if (!present) {
            return;
        }
        if (cold) {
            thermal.cool();
            last = agenda.nanos();
            tooHot = false;
        } else {
            advance();
        }
        busyUnits = 0;
        busyCopies = 0;
        millijoules = 0;
        thermalNanos = 0;
        powerNanos = 0;
        nextCheck = NONE;
        turningOff = false;
        throttle = 0;
        registers.writeCapRange(PowerRegs.CapRange.withHighest(PowerRegs.CapRange.withLowest(0, limits.lowestCap()), limits.highestCap()));
        int thresholds = PowerRegs.Thresholds.withSlowdown(0, (int) (PowerLimits.SLOWDOWN * TENTHS));
        registers.writeThresholds(PowerRegs.Thresholds.withShutdown(thresholds, (int) (PowerLimits.SHUTDOWN * TENTHS)));
        decide();
    }

    // ---------------------------------------------------------------- what changes the draw

    @Override
    public void units(int change) {
        if (present) {
            advance();
            busyUnits += change;
            decide();
        }
    }

    @Override
    public void copies(int change) {
        if (present) {
            advance();
            busyCopies += change;
            decide();
        }
    }

    /** Software wrote cap, lock or applications clocks. */
    public void settingsChanged() {
        if (present) {
            advance();
            decide();
        }
    }

    /** A test makes the air warmer or colder. */
    public void ambient(double celsius) {
        if (present) {
            advance();
            thermal.ambient(celsius);
            decide();
        } else {
            thermal.ambient(celsius);
        }
    }

    /** A test warms the die; from then on it goes towards what air and draw make of it. */
    public void heat(double celsius) {
        if (present) {
            advance();
            thermal.heat(celsius);
            decide();
        }
    }

    /** A test pulls the board's power brake, or lets it go. */
    public void brake(boolean pulled) {
        brake = pulled;
        settingsChanged();
    }

    // ---------------------------------------------------------------- what registers show

    @Override
    public int megahertz() {
        return clock;
    }

    public int temperature() {
        advance();
        int value = PowerRegs.Temperature.withPpu(0, tenths(thermal.temperature()));
        return PowerRegs.Temperature.withMemory(value, tenths(thermal.memoryTemperature()));
    }

    public int draw() {
        return (int) Math.round(watts * MILLI);
    }

    public int clocks() {
        int memory = PowerRegs.Applications.memory(registers.readApplications());
        int applied = memory == 0 ? limits.memoryMegahertz() : Math.min(memory, limits.memoryMegahertz());
        return PowerRegs.Clocks.withMemory(PowerRegs.Clocks.withUnits(0, clock), applied);
    }

    public int performance() {
        if (Throttle.idle(throttle)) {
            return IDLE_STATE;
        }
        return clock == limits.megahertz() ? 0 : THROTTLED_STATE;
    }

    public long energy() {
        advance();
        return (long) millijoules;
    }

    public long thermalViolation() {
        advance();
        return thermalNanos;
    }

    public long powerViolation() {
        advance();
        return powerNanos;
    }

    private static int tenths(double celsius) {
        return Math.clamp(Math.round(celsius * TENTHS), 0, 0xffff);
    }

    // ---------------------------------------------------------------- the model

    /** Brings everything that time changes up to now. */
    private void advance() {
        long now = agenda.nanos();
        long passed = now - last;
        if (passed <= 0) {
            return;
        }
        last = now;
        thermal.advance(passed, watts);
        millijoules += watts * passed / NANOS_PER_MILLI;
        if (Throttle.thermal(throttle)) {
            thermalNanos += passed;
        }
        if (Throttle.powerCap(throttle) || Throttle.powerBrake(throttle)) {
            powerNanos += passed;
        }
    }

    /** Sets the clock for what is wanted and what is allowed, and looks ahead. */
    private void decide() {
        double temperature = thermal.temperature();
        if (temperature >= PowerLimits.SHUTDOWN) {
            if (!turningOff) {
                turningOff = true;
                agenda.afterAbout(TURN_OFF_NANOS, TURN_OFF_SPREAD, "power.off", turnOff);
            }
            return;
        }
        tooHot = temperature >= PowerLimits.SLOWDOWN || tooHot && temperature > PowerLimits.RECOVERED;
        boolean idle = busyUnits == 0 && busyCopies == 0;
        int wanted = idle ? idleClock() : wantedClock();
        int capped = limits.clockWithin(cap(), busyUnits, busyCopies);
        int allowed = Math.min(capped, Math.min(tooHot ? limits.megahertz() / 2 : wanted, brake ? limits.megahertz() / 4 : wanted));
        clock = Math.min(wanted, allowed);
        watts = limits.watts(busyUnits, busyCopies, clock);
        int applications = PowerRegs.Applications.units(registers.readApplications());
        int now = Throttle.withThermal(0, tooHot);
        now = Throttle.withPowerBrake(now, brake);
        now = Throttle.withPowerCap(now, capped < wanted);
        now = Throttle.withApplications(now, applications != 0 && applications < limits.megahertz());
        show(Throttle.withIdle(now, idle));
        lookAhead();
    }

    private int idleClock() {
        return Math.max(PowerLimits.IDLE_MEGAHERTZ, Math.min(PowerRegs.Lock.lowest(registers.readLock()), limits.megahertz()));
    }

    private int wantedClock() {
        int applications = PowerRegs.Applications.units(registers.readApplications());
        int lock = registers.readLock();
        int wanted = applications == 0 ? limits.megahertz() : applications;
        if (PowerRegs.Lock.highest(lock) != 0) {
            wanted = Math.min(wanted, PowerRegs.Lock.highest(lock));
        }
        wanted = Math.max(wanted, PowerRegs.Lock.lowest(lock));
        return Math.clamp(wanted, PowerLimits.IDLE_MEGAHERTZ, limits.megahertz());
    }

    private int cap() {
        int watt = PowerRegs.Cap.watts(registers.readCap());
        return watt == 0 ? limits.highestCap() : Math.clamp(watt, limits.lowestCap(), limits.highestCap());
    }

    private void show(int now) {
        boolean changed = ((now ^ throttle) & ~Throttle.IDLE_MASK) != 0;
        throttle = now;
        registers.writeThrottle(now);
        if (changed) {
            interrupts.raise(Cause.THROTTLE);
        }
    }

    /** Schedules a look at the time when the next threshold will be crossed, if one will be. */
    private void lookAhead() {
        long until = NONE;
        until = earlier(until, thermal.nanosUntil(PowerLimits.SHUTDOWN, watts));
        until = earlier(until, thermal.nanosUntil(tooHot ? PowerLimits.RECOVERED : PowerLimits.SLOWDOWN, watts));
        if (until == NONE) {
            return;
        }
        long at = agenda.nanos() + until + 1;
        if (at < nextCheck) {
            nextCheck = at;
            agenda.after(until + 1, "power.threshold", () -> {
                nextCheck = NONE;
                advance();
                decide();
            });
        }
    }

    private static long earlier(long first, long second) {
        return second < 0 ? first : Math.min(first, second);
    }
}
