package dev.openppu.harness;

import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.Unobservable;
import dev.openppu.harness.cover.LinkCoverage;
import dev.openppu.harness.timeline.Timeline;
import dev.openppu.harness.timeline.TraceText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A suite that has ended.
 *
 * @param linkNanos that it took on the link's clock
 * @param hostNanos that it took of the host's time
 * @param hidden what the link cannot show
 * @param loss of the device, if it went away before the suite's end
 * @param coverage what was used of the device
 * @param repeats what came of failed cases that were run once more alone, by their ids
 */
public record SuiteReport(Suite suite, LinkIdentity link, List<Unobservable> hidden, List<CaseResult> results, Timeline timeline,
        long linkNanos, long hostNanos, Optional<DeviceLoss> loss, LinkCoverage coverage, Map<String, Repeat> repeats) {
    private static final Repeat NOT_REPEATED = Repeat.notTried("this run tries no case alone");

    public SuiteReport {
        hidden = List.copyOf(hidden);
        results = List.copyOf(results);
        repeats = Map.copyOf(repeats);
    }

    /** One of which no case was run once more. */
    public SuiteReport(Suite suite, LinkIdentity link, List<Unobservable> hidden, List<CaseResult> results, Timeline timeline,
            long linkNanos, long hostNanos, Optional<DeviceLoss> loss, LinkCoverage coverage) {
        this(suite, link, hidden, results, timeline, linkNanos, hostNanos, loss, coverage, Map.of());
    }

    /** This report with what came of failed cases that were run once more alone, by their ids. */
    SuiteReport with(Map<String, Repeat> tried) {
        return new SuiteReport(suite, link, hidden, results, timeline, linkNanos, hostNanos, loss, coverage, tried);
    }

    public Tally tally() {
        return Tally.of(results);
    }

    public List<CaseResult> failures() {
        return results.stream().filter(CaseResult::failed).toList();
    }

    /** What came of a failed case when it was run once more, alone. */
    public Repeat repeat(CaseResult failure) {
        return repeats.getOrDefault(failure.subject().id(), NOT_REPEATED);
    }

    /** The command line that runs a case again; all of the suite if the case is known to pass without those before it. */
    public String again(CaseResult result) {
        return repeat(result).alone() == Repeat.Alone.PASSES ? suite.again(link.uri()) : suite.again(link.uri(), result.subject());
    }

    /** The results of one stage. */
    public List<CaseResult> of(Stage stage) {
        return results.stream().filter(result -> result.stage().equals(stage)).toList();
    }

    /**
     * This report with the device's events on its timeline.
     *
     * @param trace that the link has written, closed
     * @throws IOException if it cannot be read
     */
    public SuiteReport withDeviceEvents(Path trace) throws IOException {
        return new SuiteReport(suite, link, hidden, results, timeline.with(TraceText.read(trace, timeline.origin())), linkNanos, hostNanos,
                loss, coverage, repeats);
    }

    /** The device stayed, no case failed, and at least one passed. */
    public boolean good() {
        Tally tally = tally();
        return loss.isEmpty() && tally.failed() == 0 && tally.passed() > 0;
    }
}
