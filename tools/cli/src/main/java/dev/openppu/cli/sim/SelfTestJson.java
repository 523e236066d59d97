package dev.openppu.cli.sim;

import dev.openppu.cli.console.Json;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.planted.PlantedBug;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** A self-test for programs: an object a campaign, and one at the end. */
final class SelfTestJson implements SelfTestListener {
    private final PrintStream out;

    SelfTestJson(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begins(Hunt hunt) {
        // it is told when it has ended
    }

    @Override
    public void ended(SelfTest.Trial trial) {
        Hunt hunt = trial.hunt();
        PlantedBug bug = hunt.bug().orElse(null);
        Json.line(out,
                Json.object("type", trial.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), "good", trial.good(), "bug",
                        bug == null ? null : bug.name(), "standsFor", bug == null ? null : bug.standsFor(), "place",
                        bug == null ? null : bug.place().toString(), "change", bug == null ? null : bug.change().text(), "faults",
                        hunt.faults().name(), "workload", hunt.workload().name(), "without",
                        hunt.off().map(Invariant::id).orElse(null), "seeds", hunt.lives(), "found", trial.result().found(), "seed",
                        trial.result().found() ? trial.result().seed() : null, "invariant", trial.result().invariant(), "seen",
                        trial.result().seen(), "millis", trial.result().nanos() / 1_000_000));
    }

    @Override
    public void all(List<SelfTest.Trial> trials) {
        long bad = trials.stream().filter(trial -> !trial.good()).count();
        Json.line(out, Json.object("type", "summary", "good", bad == 0, "campaigns", trials.size(), "bad", bad, "millis",
                trials.stream().mapToLong(trial -> trial.result().nanos()).sum() / 1_000_000));
    }
}
