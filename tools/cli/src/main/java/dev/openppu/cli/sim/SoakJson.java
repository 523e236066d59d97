package dev.openppu.cli.sim;

import dev.openppu.cli.console.Json;
import dev.openppu.harness.sim.Soak;
import dev.openppu.harness.sim.SoakFailure;
import dev.openppu.harness.sim.SoakResult;
import dev.openppu.harness.sim.SoakSpec;
import dev.openppu.model.fault.Strike;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/** A soak for programs: an object for the failure, if there is one, and one at the end. */
final class SoakJson {
    private final PrintStream out;

    SoakJson(PrintStream out) {
        this.out = out;
    }

    SoakResult run(SoakSpec spec) {
        SoakResult result = new Soak(spec, soFar -> {}).run();
        result.failure().ifPresent(failure -> print(failure, spec));
        Map<String, Object> struck = new TreeMap<>();
        result.struck().forEach((point, count) -> struck.put(point.id(), count));
        Json.line(out, Json.object("type", "summary", "good", result.good(), "rounds", result.rounds(), "seconds", result.seconds(),
                "steps",
                result.steps(), "losses", result.losses(), "epochs", result.epochs(), "powerOns", result.powerOns(), "struck", struck,
                "workSeed", spec.seed(), "counters",
                result.counters().stream().map(trend -> Json.object("name", trend.name(), "unit", trend.unit(), "first", trend.first(),
                        "early", trend.early(), "late", trend.late(), "most", trend.most(), "slack", trend.slack(), "judged",
                        trend.judged(), "grown", trend.grown())).toList()));
        return result;
    }

    private void print(SoakFailure failure, SoakSpec spec) {
        Json.line(out, Json.object("type", "failure", "round", failure.round(), "workload", failure.workload().name(), "invariant",
                failure.violation().invariant().id(), "rule", failure.violation().invariant().rule(), "source",
                failure.violation().invariant().source(), "expected", failure.violation().expected(), "seen",
                failure.violation().getMessage(), "strikes", failure.strikes().stream().map(Strike::toString).toList(), "underWay",
                failure.underWay(), "xids", failure.xids().stream().map(Object::toString).toList(), "recoveries",
                failure.recoveries().stream().map(Object::toString).toList(), "threads",
                failure.threads().map(Object::toString).orElse(null), "like", spec.command()));
    }
}
