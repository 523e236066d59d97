package dev.openppu.harness;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Runs failed cases once more, each alone on a link that is opened for it: whether a failure stands by itself, or only behind the cases before it. Of many failures the first are tried, and no new one
 * is begun when the time is over. Not thread-safe.
 */
public final class Repeater {
    /** Failed cases that are tried, at most; where many fail, these tell enough. */
    public static final int MOST = 10;
    /** Time after which no further case is begun. */
    public static final Duration WITHIN = Duration.ofSeconds(30);

    private final Supplier<DeviceLink> opener;
    private final int most;
    private final long withinNanos;

    /** @param opener opens the same device anew; throws {@link LinkException} if it cannot be opened again */
    public Repeater(Supplier<DeviceLink> opener) {
        this(opener, MOST, WITHIN);
    }

    Repeater(Supplier<DeviceLink> opener, int most, Duration within) {
        this.opener = opener;
        this.most = most;
        this.withinNanos = within.toNanos();
    }

    /** The report with what came of its failed cases. An interrupt ends the trials. */
    public SuiteReport repeat(SuiteReport report) {
        List<CaseResult> failures = report.failures();
        Map<String, Repeat> repeats = new HashMap<>();
        long begun = System.nanoTime();
        for (int i = 0; i < failures.size(); i++) {
            CaseResult failure = failures.get(i);
            Repeat repeat;
            if (report.results().size() == 1) {
                repeat = new Repeat(Repeat.Alone.FAILS, "");
            } else if (i >= most) {
                repeat = Repeat.notTried("only the first " + most + " failed cases were tried");
            } else if (System.nanoTime() - begun >= withinNanos) {
                repeat = Repeat.notTried("the " + withinNanos / 1_000_000_000 + " seconds for this were over");
            } else if (Thread.currentThread().isInterrupted()) {
                repeat = Repeat.notTried("interrupted");
            } else {
                repeat = alone(report.suite(), failure.subject());
            }
            repeats.put(failure.subject().id(), repeat);
        }
        return report.with(repeats);
    }

    private Repeat alone(Suite suite, Case subject) {
        Suite one = suite.only(each -> each.id().equals(subject.id()));
        try (DeviceLink link = opener.get()) {
            return judged(SuiteRunner.run(one, link, SuiteListener.SILENT).results().getFirst().outcome());
        } catch (LinkException e) {
            return Repeat.notTried("the device could not be opened again: " + e.getMessage());
        }
    }

    private static Repeat judged(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed _ -> new Repeat(Repeat.Alone.FAILS, "");
            case Outcome.Passed _ -> new Repeat(Repeat.Alone.PASSES, "");
            case Outcome.Skipped(String because) -> Repeat.notTried("skipped when alone: " + because);
            case Outcome.Unobservable(String because) -> Repeat.notTried("unobservable when alone: " + because);
        };
    }
}
