package dev.openppu.cli.sim;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.console.Json;
import dev.openppu.harness.explain.Explanation;
import dev.openppu.harness.report.ExplanationDirectory;
import dev.openppu.harness.sim.Campaign;
import dev.openppu.harness.sim.LifeResult;
import dev.openppu.harness.sim.LifeSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One life, drawn.
 *
 * @param folder for a page and a trace; null if there are to be none
 * @param events that are drawn
 */
record ExplanationRun(Invocation invocation, @Nullable Path folder, int events) {

    int run(Campaign campaign) throws IOException {
        if (campaign.seeds().count() != 1) {
            throw new BadInputException("--explain draws one life: give one seed by --seeds");
        }
        long seed = campaign.seeds().seeds().findFirst().orElseThrow();
        LifeSpec spec = new LifeSpec(campaign.profile(), seed, campaign.faults(), campaign.workload(), campaign.script(), campaign.only());
        Path trace = Files.createTempFile("ppu-explain-", ".trace");
        try {
            Explanation explanation = Explanation.of(spec, trace, events);
            if (folder != null) {
                new ExplanationDirectory(folder).write(explanation, trace);
            }
            print(explanation);
            return explanation.life().passed() ? ExitStatus.OK : ExitStatus.FAILED;
        } finally {
            Files.deleteIfExists(trace);
        }
    }

    private void print(Explanation explanation) {
        LifeResult life = explanation.life();
        if (invocation.json()) {
            List<?> rows = explanation.rows().stream().map(row -> Json.object("nanos", row.at(), "actor",
                    explanation.lanes().get(row.lane()).actor(), "kind", row.kind(), "detail", row.detail(), "text", row.text())).toList();
            SimJson.printLife(invocation.out(), life);
            Json.line(invocation.out(), Json.object("type", "explanation", "events", explanation.events(), "last", rows));
            return;
        }
        new ExplanationText(invocation.terminal()).print(explanation);
        invocation.out().println();
        SimText text = new SimText(invocation.terminal(), 1);
        if (life.passed()) {
            invocation.out().println("the life passed: what is drawn is what came of its last fault, or its end");
        } else {
            text.ended(life);
        }
        if (folder != null) {
            invocation.out().println("page:  " + new ExplanationDirectory(folder).page());
        }
    }
}
