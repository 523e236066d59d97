package dev.openppu.cli.sim;

import dev.openppu.cli.BuildVersion;
import dev.openppu.harness.ledger.Header;
import dev.openppu.harness.ledger.LedgerWriter;
import dev.openppu.harness.ledger.LifeLine;
import dev.openppu.harness.sim.Campaign;
import dev.openppu.harness.sim.CampaignListener;
import dev.openppu.harness.sim.CampaignResult;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A campaign whose lives are kept in a file.
 *
 * @param resume whether a file that is there is gone on with
 */
record CampaignRun(Campaign campaign, int threads, Path file, boolean resume) {

    /**
     * What came of it.
     *
     * @param before lives that were in the file already
     * @param page of its report, if there is one
     */
    record Outcome(CampaignResult result, List<LifeLine> before, @Nullable Path page) {
        Outcome withPage(Path written) {
            return new Outcome(result, before, written);
        }

        /** Whether all lives passed, those before, too. */
        boolean good() {
            return result.failed() == 0 && failedBefore() == 0;
        }

        long failedBefore() {
            return before.stream().filter(life -> !life.passed()).count();
        }
    }

    Outcome run(CampaignListener listener) throws IOException {
        try (LedgerWriter writer = LedgerWriter.open(file, Header.of(campaign, BuildVersion.current()), resume)) {
            Set<Long> lived = writer.seedsBefore();
            int left = campaign.most() - (int) writer.before().stream().filter(life -> !life.passed()).count();
            CampaignListener both = life -> {
                writer.ended(life);
                listener.ended(life);
            };
            return new Outcome(campaign.withMost(left).runWitnessed(threads, both, seed -> left > 0 && !lived.contains(seed)),
                    writer.before(), null);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
