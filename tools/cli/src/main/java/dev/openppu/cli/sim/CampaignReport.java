package dev.openppu.cli.sim;

import dev.openppu.harness.explain.Explanation;
import dev.openppu.harness.ledger.Header;
import dev.openppu.harness.ledger.Ledger;
import dev.openppu.harness.ledger.LedgerException;
import dev.openppu.harness.ledger.Merge;
import dev.openppu.harness.report.CampaignDirectory;
import dev.openppu.harness.sim.CampaignResult;
import dev.openppu.harness.sim.LifeResult;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A campaign's report for people, and beside it the lines of its lives.
 *
 * @param lives the file that has them
 */
record CampaignReport(Path folder, Path lives) {
    /** Failures whose last events are drawn: each is lived once more for it. */
    private static final int MOST_DRAWN = 3;
    private static final int EVENTS_DRAWN = 40;

    /**
     * With the lives in the folder itself: gone on with if {@code resume}, else anew. Only a finished report of the same command is replaced.
     *
     * @throws LedgerException if lives are there that would be lost
     */
    static CampaignReport in(Path folder, Header header, boolean resume) throws IOException {
        Files.createDirectories(folder);
        CampaignReport report = new CampaignReport(folder, folder.resolve(CampaignDirectory.LIVES));
        if (!resume && Files.exists(report.lives) && !Ledger.isBlank(report.lives)) {
            demandReplaceable(Ledger.read(report.lives), header);
            Files.delete(report.lives);
        }
        return report;
    }

    private static void demandReplaceable(Ledger there, Header header) {
        if (!there.header().ofSameCommand(header)) {
            throw new LedgerException(there.file() + ": another campaign's report is here, and is not replaced: name another folder");
        }
        if (!there.finished()) {
            throw new LedgerException(
                    "%s: %,d of the %,d lives of this campaign are here already: --resume goes on with them; or name another folder"
                            .formatted(there.file(), there.lines().size(), there.header().seeds().count()));
        }
    }

    /** @return the page */
    Path write(CampaignResult result) throws IOException {
        List<Explanation> drawn = new ArrayList<>();
        for (LifeResult failure : result.failures().stream().filter(LifeResult::ended).limit(MOST_DRAWN).toList()) {
            Path trace = Files.createTempFile("ppu-explain-", ".trace");
            try {
                drawn.add(Explanation.of(failure.spec(), trace, EVENTS_DRAWN));
            } finally {
                Files.deleteIfExists(trace);
            }
        }
        CampaignDirectory directory = new CampaignDirectory(folder);
        directory.write(Merge.of(List.of(Ledger.read(lives))), drawn);
        return directory.page();
    }
}
