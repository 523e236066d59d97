package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Stream;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.harness.sim.check.Invariant;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Work that is asked after instead of waited for: an answer is true when it is given, and whoever asks often enough hears that it is done. */
final class QuerySteps {
    /** A driver that gives up on a device, or frees it of what hangs, has done so long before. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long BETWEEN_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long GATED = 1;
    private static final int MOST_TIMES_AGAIN = 4;

    private final Workbench bench;
    private final Context context;
    private final LinkRuntime runtime;

    QuerySteps(Workbench bench) {
        this.bench = bench;
        this.context = bench.context();
        this.runtime = context.ppu().link().runtime();
    }

    void perform(Step step) {
        switch (step.kind()) {
            case POLL -> poll(step, bench.stream(step));
            case LEGACY_ASKED -> legacyAsked(step, bench.stream(step));
            case EVENT_AGAIN -> eventAgain(step, bench.stream(step), bench.otherStream(step));
            default -> throw new IllegalArgumentException(step + " asks after no work");
        }
    }

    /** Until the stream, or an event in it, says that all is done; in a batch nobody but the one who asks tells the device of the work. */
    private void poll(Step step, Stream stream) {
        Contents contents = bench.buffer(step);
        bench.order(contents, stream, step);
        try (Event event = context.createEvent(EventFlag.DISABLE_TIMING)) {
            if (step.below(30, 2) == 0) {
                try (Stream.Batch _ = stream.batch()) {
                    pollBehindFill(step, stream, contents, event);
                }
            } else {
                pollBehindFill(step, stream, contents, event);
            }
        }
        bench.lookLater(step, stream, contents);
    }

    private void pollBehindFill(Step step, Stream stream, Contents contents, Event event) {
        stream.fill32(contents.buffer(), 0, step.number(), contents.length());
        Arrays.fill(contents.words(), step.number());
        stream.record(event);
        switch (step.below(31, 4)) {
            case 0 -> until(step, stream + " is idle", stream::idle);
            case 1 -> until(step, stream + " answers SUCCESS", () -> stream.query() == HgResult.SUCCESS);
            case 2 -> until(step, event + " is reached", event::reached);
            default -> until(step, event + " answers SUCCESS", () -> event.query() == HgResult.SUCCESS);
        }
    }

    private void until(Step step, String what, BooleanSupplier done) {
        long deadline = runtime.nanos() + LONGEST_NANOS;
        while (!done.getAsBoolean()) {
            if (runtime.nanos() > deadline) {
                bench.rules().broken(Invariant.PROGRESS, "%s in %s: asked for %d s whether %s".formatted(step, bench,
                        TimeUnit.NANOSECONDS.toSeconds(LONGEST_NANOS), what), "that it is, or a PpuException");
                return;
            }
            runtime.sleep(BETWEEN_NANOS);
        }
    }

    /** The legacy default stream is not done before the blocking streams of its context are. In a context that others use, too, they may have more to do. */
    private void legacyAsked(Step step, Stream blocking) {
        if (!bench.alone() || blocking.nonBlocking()) {
            return;
        }
        Claim claim = new Claim(bench, step);
        Stream legacy = context.defaultStream();
        try (PinnedBuffer gate = context.allocatePinned(Long.BYTES)) {
            gate.segment().set(ValueLayout.JAVA_LONG, 0, 0);
            blocking.waitValue64(gate, 0, Compare.EQUAL, GATED);
            claim.holds(legacy.query() == HgResult.NOT_READY && !legacy.idle(),
                    "%s is said to be idle while %s is held".formatted(legacy, blocking), "that it is not");
            CompletableFuture<Void> done = legacy.done();
            bench.promises().expect(step + " in " + bench, done);
            runtime.sleep(BETWEEN_NANOS * step.below(30, 20));
            claim.holds(!done.isDone() || done.isCompletedExceptionally(),
                    "what waits for %s is told that it is done while %s is held".formatted(legacy, blocking),
                    "that it is not");
            gate.segment().set(ValueLayout.JAVA_LONG, 0, GATED);
            legacy.synchronize();
            claim.holds(legacy.query() == HgResult.SUCCESS, legacy + " was waited for and is not idle", "that it is");
            claim.holds(blocking.query() == HgResult.SUCCESS, blocking + " is not idle behind the legacy default stream", "that it is");
            bench.synchronize(blocking);
        }
    }

    /** An event that is recorded again while it is still to be reached is the last record's; the earlier ones change nothing about it. */
    private void eventAgain(Step step, Stream slow, Stream fast) {
        Claim claim = new Claim(bench, step);
        try (Event event = context.createEvent(); Event behind = context.createEvent()) {
            if (slow != fast) {
                bench.delay(step, slow);
            }
            slow.record(event);
            for (int times = 1 + step.below(30, MOST_TIMES_AGAIN); times > 0; times--) { // from the second on there are times to be stored that nobody asks for any more
                fast.record(event);
            }
            fast.record(behind);
            behind.synchronize();
            claim.holds(event.query() == HgResult.SUCCESS, event + " is not reached, and one behind it in its stream is", "that it is");
            long nanos = event.deviceNanos();
            claim.holds(behind.nanosSince(event) >= 0,
                    "%s is %d ns before %s, which it is behind".formatted(behind, -behind.nanosSince(event), event),
                    "a time that is not before");
            bench.synchronize(slow);
            bench.synchronize(fast);
            claim.holds(event.deviceNanos() == nanos, "the time of %s was %d and is %d".formatted(event, nanos, event.deviceNanos()),
                    "the time of its last record, for ever");
        }
    }
}
