package dev.openppu.harness;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Observable;
import dev.openppu.hal.Unobservable;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.cover.LinkWatch;
import dev.openppu.harness.timeline.TimelineRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run of a suite on one link: cases in the suite's order, each once. Both the runner and JUnit use it.
 *
 * <p>For one thread, which the link knows.
 */
public final class SuiteRun implements AutoCloseable {
    private final Suite suite;
    private final LinkWatch watch;
    private final Bench bench;
    private final SuiteListener listener;
    private final TimelineRecorder timeline;
    private final List<CaseResult> results = new ArrayList<>();
    private final long begun;
    private final long hostBegun = System.nanoTime();
    private @Nullable Case closedGate;
    private @Nullable DeviceLoss loss;

    /** @param link of a PPU; stays the caller's */
    public SuiteRun(Suite suite, DeviceLink link, SuiteListener listener) {
        this(suite, link, LinkWatch::ofPpu, listener);
    }

    /**
     * @param link stays the caller's
     * @param watching notes what is used of the device
     */
    SuiteRun(Suite suite, DeviceLink link, Function<DeviceLink, LinkWatch> watching, SuiteListener listener) {
        this.suite = suite;
        this.watch = watching.apply(link);
        this.listener = listener;
        this.timeline = new TimelineRecorder(link.runtime());
        this.bench = new Bench(watch.link(), timeline);
        this.begun = link.runtime().nanos();
    }

    /** Runs one case; never throws for what the device or the case does. */
    public CaseResult run(Stage stage, Case subject) {
        listener.caseBegan(stage, subject);
        bench.noteTo(note -> listener.noted(subject, note));
        long begin = elapsed();
        long hostBegin = System.nanoTime();
        Outcome outcome = afterLoss(subject, outcome(subject));
        CaseResult result = new CaseResult(stage, subject, outcome, begin, elapsed(), System.nanoTime() - hostBegin, bench.takeNotes());
        timeline.span("cases", subject.title(), begin, result.endNanos(), outcome.word());
        results.add(result);
        if (result.failed() && subject.gate() && closedGate == null) {
            closedGate = subject;
        }
        listener.caseEnded(result);
        return result;
    }

    /** Runs all cases of a stage. */
    public void run(Stage stage) {
        listener.stageBegan(stage);
        long begin = elapsed();
        for (Case subject : stage.cases()) {
            run(stage, subject);
        }
        Tally tally = Tally.of(results.stream().filter(r -> r.stage().equals(stage)).toList());
        timeline.span("stages", stage.title(), begin, elapsed(), tally.failed() > 0 ? "failed" : "passed");
        listener.stageEnded(stage, tally, elapsed() - begin);
    }

    /** What became of a case in which the device went away: of that, no other case says anything. */
    private Outcome afterLoss(Case subject, Outcome outcome) {
        if (loss != null) {
            return outcome;
        }
        Optional<String> told = bench.link().lost();
        if (told.isPresent()) {
            loss = new DeviceLoss(subject, told.get());
            return new Outcome.Failed("the device stays", "it was lost: " + told.get());
        }
        if (outcome instanceof Outcome.Failed && bench.function().gone()) {
            loss = new DeviceLoss(subject, "config space reads as all ones, and goes on to for a second");
        }
        return outcome;
    }

    private Outcome outcome(Case subject) {
        DeviceLoss lost = loss;
        if (lost != null) {
            return new Outcome.Skipped(lost.toString());
        }
        Case gate = closedGate;
        if (gate != null) {
            return new Outcome.Skipped(gate.id() + " failed");
        }
        for (Observable needed : subject.needs()) {
            Optional<Unobservable> hidden = bench.link().unobservable(needed);
            if (hidden.isPresent()) {
                return new Outcome.Unobservable(needed + ": " + hidden.get().reason());
            }
        }
        return judged(subject);
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private Outcome judged(Case subject) {
        try {
            subject.body().run(bench);
            return new Outcome.Passed();
        } catch (CheckFailedException e) {
            return new Outcome.Failed(e.expected(), e.seen());
        } catch (SkippedException e) {
            return new Outcome.Skipped(String.valueOf(e.getMessage()));
        } catch (UnobservableException e) {
            return new Outcome.Unobservable(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Skipped("interrupted");
        } catch (Exception | AssertionError e) {
            bench.distrust();
            return new Outcome.Failed("no error", describe(e));
        }
    }

    private static String describe(Throwable e) {
        String message = e.getMessage() == null ? "" : ": " + e.getMessage();
        StackTraceElement[] trace = e.getStackTrace();
        String where = trace.length == 0 ? "" : " (at " + trace[0] + ")";
        return e.getClass().getSimpleName() + message
                + (e instanceof NullPointerException || e instanceof IndexOutOfBoundsException ? where : "");
    }

    private long elapsed() {
        return bench.link().runtime().nanos() - begun;
    }

    /** What has been run so far. */
    public SuiteReport report() {
        return new SuiteReport(suite, bench.link().identity(), bench.link().unobservable(), results, timeline.timeline(), elapsed(),
                System.nanoTime() - hostBegun, Optional.ofNullable(loss), watch.coverage());
    }

    /** Closes what the cases have left open, not the link. */
    @Override
    public void close() {
        bench.close();
    }
}
