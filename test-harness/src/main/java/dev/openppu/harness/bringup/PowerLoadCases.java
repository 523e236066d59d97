package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.PowerRegs;
import dev.openppu.abi.reg.PowerRegs.Applications;
import dev.openppu.abi.reg.PowerRegs.Cap;
import dev.openppu.abi.reg.PowerRegs.CapRange;
import dev.openppu.abi.reg.PowerRegs.Clocks;
import dev.openppu.abi.reg.PowerRegs.Lock;
import dev.openppu.abi.reg.PowerRegs.Throttle;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Clocks and draw while all units compute, under every kind of limit; and what is computed then is right. */
final class PowerLoadCases {
    private static final int THREADS = 8_192;
    private static final int BLOCK = 128;
    private static final int SLOWEST = 200;
    private static final int FULL_STATE = 0;
    private static final int SLOWED_STATE = 2;
    private static final long LOOK_NANOS = 20_000;

    private PowerLoadCases() {}

    /** What the registers said while units were at work. */
    private record Sample(int megahertz, int throttle, int milliwatts, int state) {}

    static Stage stage() {
        return new Stage("power-load", "Clocks under load", List.of(
                loaded("full", "No limit", "Without limits the units run at their highest clock: state 0, no reason in throttle",
                        PowerLoadCases::full),
                loaded("applications", "Applications clocks", "The units run at applications.units: state 2", PowerLoadCases::applications),
                loaded("lock", "A locked clock", "The clock is within lock, whose lower end wins over applications", PowerLoadCases::lock),
                loaded("cap", "The lowest cap", "The clock is lowered until the draw is within cap; power_violation counts meanwhile",
                        PowerLoadCases::cap),
                loaded("cap-out-of-range", "A cap below the range", "A cap below cap_range counts as its lower end",
                        PowerLoadCases::belowRange)));
    }

    private static Case loaded(String id, String title, String rule, Case.Body body) {
        return Case.of("power.load." + id, title, Rule.guide(8, rule), bench -> {
            Presence.require(bench, "power");
            Presence.computing(bench);
            PowerRegs power = bench.registers().power();
            PowerCases.clear(power);
            try {
                body.run(bench);
            } finally {
                PowerCases.clear(power);
            }
        });
    }

    private static void full(Bench bench) {
        each(bench, "a sample without limits", sample -> {
            Check.equal("performance state", FULL_STATE, sample.state());
            Check.hex("power.throttle", 0, sample.throttle());
            Check.that(sample.megahertz() > SLOWEST, "more than 200 MHz", sample.megahertz() + " MHz");
        });
    }

    private static void applications(Bench bench) {
        PowerRegs power = bench.registers().power();
        int megahertz = PowerCases.highest(power) / 2;
        power.writeApplications(Applications.withUnits(0, megahertz));
        each(bench, "a sample at %d MHz".formatted(megahertz), sample -> {
            Check.equal("MHz of the units", megahertz, sample.megahertz());
            Check.hex("power.throttle", Throttle.APPLICATIONS_MASK, sample.throttle());
            Check.equal("performance state", SLOWED_STATE, sample.state());
        });
    }

    private static void lock(Bench bench) {
        PowerRegs power = bench.registers().power();
        int highest = PowerCases.highest(power);
        int most = highest * 3 / 4;
        power.writeLock(Lock.withHighest(0, most));
        each(bench, "a sample locked to %d MHz at most".formatted(most),
                sample -> Check.equal("MHz of the units", most, sample.megahertz()));
        int least = highest / 2;
        power.writeApplications(Applications.withUnits(0, SLOWEST));
        power.writeLock(Lock.withHighest(Lock.withLowest(0, least), most));
        each(bench, "a sample locked to %d to %d MHz".formatted(least, most),
                sample -> Check.equal("MHz of the units", least, sample.megahertz()));
    }

    private static void cap(Bench bench) {
        lowest(bench, CapRange.lowest(bench.registers().power().readCapRange()));
    }

    private static void belowRange(Bench bench) {
        lowest(bench, 1);
    }

    private static void lowest(Bench bench, int cap) {
        PowerRegs power = bench.registers().power();
        int lowest = CapRange.lowest(power.readCapRange());
        power.writeCap(Cap.withWatts(0, cap));
        long before = power.readPowerViolation();
        List<Sample> samples = each(bench, "a sample under a cap of %d W".formatted(cap), sample -> {
            Check.that(sample.megahertz() >= SLOWEST, "200 MHz at least", sample.megahertz() + " MHz");
            Check.that(sample.milliwatts() <= lowest * 1000 || sample.megahertz() == SLOWEST, "at most %d W".formatted(lowest),
                    sample.milliwatts() + " mW");
        });
        Check.that(samples.stream().anyMatch(sample -> Throttle.powerCap(sample.throttle())), "throttle.power_cap", "never set");
        Check.that(power.readPowerViolation() > before, "power.power_violation counts", "it stands still");
        bench.note("%d MHz at least".formatted(samples.stream().mapToInt(Sample::megahertz).min().orElse(0)));
    }

    /** Computes, looks meanwhile, and compares what came out. */
    private static List<Sample> each(Bench bench, String what, Consumer<Sample> rule) {
        List<Sample> samples = new ArrayList<>();
        Ppu ppu = bench.ppu();
        try (Context context = ppu.createContext(); Stream stream = context.createStream()) {
            DeviceBuffer out = Kernels.upload(context, new int[THREADS]);
            stream.launch(Kernels.load(context).kernel("collatz"), Launch.linear(THREADS, BLOCK), out, THREADS);
            CompletableFuture<Void> done = stream.done();
            while (!done.isDone()) {
                look(bench.registers().power(), samples);
                bench.link().runtime().sleep(LOOK_NANOS);
            }
            stream.synchronize();
            Check.equal("what was computed meanwhile", Arrays.hashCode(expected()),
                    Arrays.hashCode(Kernels.download(context, out, THREADS)));
        }
        Check.that(!samples.isEmpty(), what, "none: no unit was seen at work");
        samples.forEach(rule);
        return samples;
    }

    private static void look(PowerRegs power, List<Sample> samples) {
        int throttle = power.readThrottle();
        Sample sample = new Sample(Clocks.units(power.readClocks()), throttle, power.readDraw(),
                PowerRegs.Performance.state(power.readPerformance()));
        if (!Throttle.idle(throttle) && power.readThrottle() == throttle) {
            samples.add(sample);
        }
    }

    private static int[] expected() {
        int[] steps = new int[THREADS];
        for (int i = 0; i < THREADS; i++) {
            for (int value = i + 1; value != 1; steps[i]++) {
                value = (value & 1) == 0 ? value >>> 1 : value * 3 + 1;
            }
        }
        return steps;
    }
}
