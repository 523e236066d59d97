package dev.openppu.cli.sim;

import dev.openppu.cli.console.Json;
import dev.openppu.harness.sim.CampaignListener;
import dev.openppu.harness.sim.CampaignResult;
import dev.openppu.harness.sim.LifeResult;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.model.fault.Strike;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/** A campaign for programs: an object a life, one a failure made smaller, one at the end. */
final class SimJson implements CampaignListener {
    private final PrintStream out;

    SimJson(PrintStream out) {
        this.out = out;
    }

    @Override
    public void ended(LifeResult life) {
        printLife(out, life);
    }

    static void printLife(PrintStream out, LifeResult life) {
        Json.line(out, life("life", life));
    }

    void shrunk(LifeResult smallest) {
        Json.line(out, life("shrunk", smallest));
    }

    private static Map<String, Object> life(String type, LifeResult life) {
        Violation violation = life.violation().orElse(null);
        return Json.object("type", type, "seed", life.spec().seed(), "profile", life.spec().profile(), "faults",
                life.spec().faults().name(),
                "workload", life.spec().workload().name(), "passed", life.passed(), "invariant",
                violation == null ? null : violation.invariant().id(),
                "rule", violation == null ? null : violation.invariant().rule(), "source",
                violation == null ? null : violation.invariant().source(), "expected", violation == null ? null : violation.expected(),
                "seen", violation == null ? null : violation.getMessage(),
                "strikes", life.strikes().stream().map(Strike::toString).toList(), "steps", life.steps(), "losses", life.losses(), "epochs",
                life.epochs(),
                "simulatedNanos", life.simulatedNanos(), "again", life.passed() ? null : life.spec().command());
    }

    void print(CampaignRun.Outcome outcome) {
        CampaignResult result = outcome.result();
        Map<String, Object> struck = new TreeMap<>();
        result.struck().forEach((point, count) -> struck.put(point.id(), count));
        Json.line(out,
                Json.object("type", "summary", "good", outcome.good(), "lives", result.lives(), "failed", result.failed(), "steps",
                        result.steps(),
                        "losses", result.losses(), "simulatedNanos", result.simulatedNanos(), "struck", struck, "livesBefore",
                        outcome.before().size(), "failedBefore", outcome.failedBefore()));
    }
}
