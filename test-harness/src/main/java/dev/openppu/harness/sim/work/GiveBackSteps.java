package dev.openppu.harness.sim.work;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitInterruptedException;
import dev.openppu.harness.sim.check.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Things are given back by a thread that is interrupted meanwhile: all of them are, to the last, and the thread stays interrupted. In the tenant's second context, which nobody else is in. */
final class GiveBackSteps {
    private static final int MOST_THINGS = 4;
    private static final int MOST_WORDS = 50_000;
    /** Longest until the interrupt: about what it takes to give a few things back. */
    private static final int MOST_NANOS = 60_000;
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Workbench bench;
    private final Step step;
    private final Context context;
    private final LinkRuntime runtime;

    GiveBackSteps(Workbench bench, Step step) {
        this.bench = bench;
        this.step = step;
        this.context = bench.neighbour(step).context();
        this.runtime = context.ppu().link().runtime();
    }

    void perform() {
        List<Runnable> things = things();
        AtomicReference<@Nullable RuntimeException> thrown = new AtomicReference<>();
        AtomicBoolean begun = new AtomicBoolean();
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean kept = new AtomicBoolean();
        LinkRuntime.Worker worker = runtime.start("gives back", () -> {
            begun.set(true);
            runtime.wake();
            try {
                things.forEach(Runnable::run);
                kept.set(flagged(interrupted));
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        runtime.await(begun::get, LinkRuntime.NEVER);
        runtime.sleep(1L + step.below(31, MOST_NANOS));
        worker.interrupt();
        interrupted.set(true);
        runtime.wake();
        if (!worker.join(runtime.deadline(LATE_NANOS))) {
            bench.rules().broken(Invariant.PROGRESS, "%s: a thread that gives %d things back was interrupted, and waits on".formatted(step,
                    things.size()), "that it comes to its end");
            return;
        }
        RuntimeException failure = thrown.get();
        if (failure != null) {
            throw failure;
        }
        if (!kept.get()) {
            bench.rules().broken(Invariant.TYPED_ERRORS,
                    "%s: a thread was interrupted while it gave things back, and is not any more".formatted(step),
                    "a thread whose interrupt flag is set");
        }
    }

    /** Whether the calling thread is still interrupted, which it is at some time. */
    private boolean flagged(AtomicBoolean interrupted) {
        try {
            runtime.await(interrupted::get, LinkRuntime.NEVER);
        } catch (WaitInterruptedException e) {
            // as it should be
        }
        return Thread.currentThread().isInterrupted();
    }

    /** Used ones, as far as they can be used. */
    private List<Runnable> things() {
        List<Runnable> things = new ArrayList<>();
        for (int i = 1 + step.below(30, MOST_THINGS); i > 0; i--) {
            long bytes = Integer.BYTES * (1L + step.below(40 + i, MOST_WORDS));
            switch (step.below(50 + i, 3)) {
                case 0 -> things.add(context.allocatePinned(bytes)::close);
                case 1 -> things.add(context.createStream()::close);
                default -> {
                    DeviceBuffer buffer = context.allocate(bytes);
                    context.fill32(buffer, 0, step.number(), bytes / Integer.BYTES);
                    things.add(buffer::close);
                }
            }
        }
        return things;
    }
}
