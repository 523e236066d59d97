package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.PowerRegs;
import dev.openppu.abi.reg.PowerRegs.Temperature;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.TestPoints;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.UnobservableException;
import dev.openppu.harness.bench.Bench;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where temperatures go with time and resets, on a device with nothing to do. A link with test points has the die warmed first; elsewhere it is as warm as it is. */
final class HeatCases {
    private static final double TENTHS = 10;
    private static final double AMBIENT = 25;
    private static final double KELVIN_PER_WATT = 0.12;
    private static final double CONSTANT_NANOS = 20e9;
    private static final double MEMORY_RISE = 1.1;
    private static final int[] WARM = {35, 50, 65, 80};
    private static final int WARMEST = WARM[WARM.length - 1];
    /** Both ends of a comparison are rounded to tenths. */
    private static final double FINENESS = 0.3;
    private static final long LONG_NANOS = 10_000_000_000L;
    private static final long SHORT_NANOS = 20_000_000L;

    private HeatCases() {}

    static Stage stage() {
        List<Case> cases = new ArrayList<>();
        cases.add(heat("memory", "The memory's temperature", "The memory is a tenth further above ambient, 25 C, than the die",
                HeatCases::memory));
        cases.add(heat("settles", "Temperature and time",
                "Temperature goes towards 25 C plus 0.12 K/W times the draw with a time constant of 20 s", HeatCases::settles));
        for (ResetKind kind : ResetKind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
            cases.add(heat("reset." + name, "A warm die and a reset: " + name.replace('-', ' '),
                    "A reset cools nothing, a cold start begins at ambient", bench -> reset(bench, kind)));
        }
        return new Stage("heat", "Heat, time and resets", cases);
    }

    private static Case heat(String id, String title, String rule, Case.Body body) {
        return Case.of("power.heat." + id, title, Rule.guide(8, rule), bench -> {
            bench.closePpu();
            Presence.require(bench, "power");
            PowerCases.clear(bench.registers().power());
            try {
                body.run(bench);
            } finally {
                cool(bench);
            }
        });
    }

    /** What was warmed by a test point cools at once where the link can switch power off. */
    private static void cool(Bench bench) {
        if (bench.link().testPoints().isPresent() && bench.function().canReset(ResetKind.COLD)) {
            bench.function().reset(ResetKind.COLD);
            bench.distrust();
        }
    }

    private static void memory(Bench bench) {
        expectShare(bench);
        Optional<TestPoints> points = bench.link().testPoints();
        for (int celsius : points.isPresent() ? WARM : new int[0]) {
            points.orElseThrow().heat(celsius);
            expectShare(bench);
        }
    }

    private static void expectShare(Bench bench) {
        int both = bench.registers().power().readTemperature();
        double memory = AMBIENT + MEMORY_RISE * (Temperature.ppu(both) / TENTHS - AMBIENT);
        expectWithin("the memory, beside a die at %.1f C".formatted(Temperature.ppu(both) / TENTHS), memory, memory,
                Temperature.memory(both) / TENTHS);
    }

    private static void settles(Bench bench) {
        bench.link().testPoints().ifPresent(points -> points.heat(WARMEST));
        PowerRegs power = bench.registers().power();
        int draw = power.readDraw();
        long earliest = bench.link().runtime().nanos();
        double before = die(bench);
        long afterFirst = bench.link().runtime().nanos();
        bench.link().runtime().sleep(bench.link().runtime().simulated() ? LONG_NANOS : SHORT_NANOS);
        long beforeSecond = bench.link().runtime().nanos();
        double seen = die(bench);
        long latest = bench.link().runtime().nanos();
        Check.equal("draw of an idle device, in mW", draw, power.readDraw());
        expectWithin("a die of %.1f C, %.1f s later".formatted(before, (latest - earliest) / 1e9),
                later(before, draw, beforeSecond - afterFirst),
                later(before, draw, latest - earliest), seen);
    }

    private static void reset(Bench bench, ResetKind kind) {
        bench.function().requireReset(kind);
        boolean cold = kind == ResetKind.COLD;
        if (cold && bench.link().testPoints().isEmpty()) {
            throw new UnobservableException("nobody knows how warm the air around the device is; a link with test points does (`model:`)");
        }
        bench.link().testPoints().ifPresent(points -> points.heat(WARMEST));
        bench.distrust();
        int draw = bench.registers().power().readDraw();
        long begun = bench.link().runtime().nanos();
        double before = cold ? AMBIENT : die(bench);
        bench.function().reset(kind);
        double seen = die(bench);
        expectWithin("a die of %.1f C behind a %s reset".formatted(before, kind), before,
                later(before, draw, bench.link().runtime().nanos() - begun), seen);
    }

    private static double die(Bench bench) {
        return Temperature.ppu(bench.registers().power().readTemperature()) / TENTHS;
    }

    private static double later(double celsius, int milliwatts, long nanos) {
        double end = AMBIENT + KELVIN_PER_WATT * milliwatts / 1000;
        return end + (celsius - end) * Math.exp(-nanos / CONSTANT_NANOS);
    }

    private static void expectWithin(String what, double one, double other, double seen) {
        double least = Math.min(one, other) - FINENESS;
        double most = Math.max(one, other) + FINENESS;
        Check.that(seen >= least && seen <= most, "%s: %.1f to %.1f C".formatted(what, least, most), "%.1f C".formatted(seen));
    }
}
