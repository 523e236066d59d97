package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.harness.sim.check.Invariant;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What depends on the end of work, in the driver's thread that tells of it: it submits more and polls, and is refused whatever would have to wait for the device. In the tenant's second context, which nobody else is
 * in.
 */
final class StageSteps {
    private static final int WORDS = 40;
    /** Packets that a stage submits into a ring of sixteen, at most. */
    private static final int MOST_FILLS = 6;
    private static final int RING = 16;
    private static final int MOST_ATTEMPTS = 4 * RING;
    private static final int LOG2_RING = 4;
    /** Longest time-out of a submission for which there is no room. */
    private static final int MOST_NANOS = 50_000;

    private final Workbench bench;
    private final Step step;
    private final Context context;
    private final Claim claim;

    StageSteps(Workbench bench, Step step) {
        this.bench = bench;
        this.step = step;
        this.context = bench.neighbour(step).context();
        this.claim = new Claim(bench, step);
    }

    void perform() {
        StreamOptions options = StreamOptions.defaults().withLog2Packets(LOG2_RING);
        boolean full = step.below(30, 2) == 0;
        Stream stream = context.createStream(full ? options.withSubmitTimeout(Duration.ofNanos(1L + step.below(31, MOST_NANOS))) : options);
        try (PinnedBuffer gate = context.allocatePinned(Long.BYTES);
                DeviceBuffer buffer = context.allocate(WORDS * Integer.BYTES);
                Event event = context.createEvent()) {
            stream.fill32(buffer, 0, 0, WORDS);
            stream.synchronize();
            if (full) {
                fill(stream, gate);
            }
            stage(stream, gate, buffer, event);
        }
        stream.close();
    }

    /** As many do not get into the ring as have room in it: that must not keep anybody from it later. */
    private void fill(Stream stream, PinnedBuffer gate) {
        stream.waitValue64(gate, 0, Compare.EQUAL, 1);
        try {
            int refused = 0;
            for (int times = 0; times < MOST_ATTEMPTS && refused < RING; times++) {
                refused += submits(stream, gate) ? 0 : 1; // what the device has still to take makes room, be it late
            }
            claim.holds(refused == RING, "a ring of %d packets that stands still had room for %d".formatted(RING, MOST_ATTEMPTS - refused),
                    "that it is full");
        } finally {
            gate.segment().set(ValueLayout.JAVA_LONG, 0, 1);
        }
        stream.synchronize();
    }

    /** Whether there was room. */
    private static boolean submits(Stream stream, PinnedBuffer gate) {
        try {
            stream.writeValue32(gate, Integer.BYTES, 0);
            return true;
        } catch (PpuTimeoutException e) {
            return false;
        }
    }

    private void stage(Stream stream, PinnedBuffer gate, DeviceBuffer buffer, Event event) {
        int fills = 1 + step.below(32, MOST_FILLS);
        int[] wanted = new int[WORDS];
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        stream.waitValue64(gate, 0, Compare.EQUAL, 2);
        CompletableFuture<Void> told = step.below(33, 2) == 0 ? stream.done() : stream.launchHostFunction(() -> {});
        CompletableFuture<Void> stage = told.thenRun(() -> {
            try {
                stream.waitValue64(gate, 0, Compare.EQUAL, 3);
                for (int i = 0; i < fills; i++) {
                    stream.fill32(buffer, (long) i * Integer.BYTES, step.number() + i, 1);
                }
                stream.record(event);
                claim.holds(!stream.idle() && !event.reached(), "work in front of which there is a gate has ended",
                        "that it waits for the gate");
                wouldWait(stream, buffer, event);
            } catch (RuntimeException | Error e) {
                thrown.set(e);
            }
        });
        gate.segment().set(ValueLayout.JAVA_LONG, 0, 2);
        await(stage);
        gate.segment().set(ValueLayout.JAVA_LONG, 0, 3);
        switch (thrown.get()) {
            case null -> stream.synchronize();
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
        claim.holds(event.reached(), "an event of a stream that was waited for is not reached", "that it is");
        Arrays.setAll(wanted, i -> i < fills ? step.number() + i : 0);
        MemorySegment back = MemorySegment.ofArray(new int[WORDS]);
        context.copyToHost(back, buffer, 0);
        Contents.compare(bench.rules(), step + ": what a stage submitted", wanted, back);
    }

    private void wouldWait(Stream stream, DeviceBuffer buffer, Event event) {
        int which = step.below(34, 6);
        claim.refused(HgResult.NOT_PERMITTED, "a wait in a stage", switch (which) {
            case 0 -> stream::synchronize;
            case 1 -> event::synchronize;
            case 2 -> () -> stream.copyToHost(MemorySegment.ofArray(new int[WORDS]), buffer, 0);
            case 3 -> () -> stream.done().join();
            case 4 -> context::synchronize;
            default -> buffer::close;
        });
    }

    /** The end of what was promised, which may be that the device is lost. */
    private void await(CompletableFuture<Void> stage) {
        try {
            stage.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof PpuException lost) {
                throw lost;
            }
            bench.rules().broken(Invariant.PROMISES, step + ": a future failed with " + e.getCause(),
                    "that it is completed, or fails with a PpuException");
        }
    }
}
