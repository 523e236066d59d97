package dev.openppu.harness.sim.work;

import dev.openppu.driver.Context;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.hal.LinkRuntime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A host function that does not return before it is let go. Meanwhile no other function of its context runs; what others do is not its business. */
final class SlowFunction {
    /** Longer than a driver takes to find out that something hangs, and to mend it. */
    static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long SHORT_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** Streams of another priority share no queue with the slow one's, which is held. */
    private static final StreamOptions OTHER_QUEUE = StreamOptions.defaults().withPriority(-3);

    private final LinkRuntime runtime;
    private final AtomicBoolean inside = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean returned = new AtomicBoolean();
    private final CompletableFuture<Void> ended;

    private SlowFunction(Workbench bench, Step step, Context context, long mostNanos) {
        runtime = context.ppu().link().runtime();
        ended = context.createStream().launchHostFunction(() -> {
            inside.set(true);
            boolean _ = runtime.await(over::get, runtime.deadline(mostNanos));
            returned.set(true);
        });
        bench.promises().expect("a slow host function of %s in %s".formatted(step, context), ended);
        boolean _ = runtime.await(() -> inside.get() || ended.isDone(), runtime.deadline(LONG_NANOS));
    }

    /**
     * Returns when it runs, or never will.
     *
     * @param mostNanos after which it returns by itself: what shares its queue waits for it
     */
    static SlowFunction begin(Workbench bench, Step step, Context context, long mostNanos) {
        return new SlowFunction(bench, step, context, mostNanos);
    }

    /** Whether it has not returned. */
    private boolean runs() {
        return inside.get() && !returned.get();
    }

    /** Lets it go; returns when it has. */
    void end() {
        over.set(true);
        boolean _ = runtime.await(() -> ended.isDone() && !runs(), runtime.deadline(LONG_NANOS));
        runtime.sleep(SHORT_NANOS); // who comes next has his turn
    }

    /** Two contexts have one each: a third one's functions are not held up. */
    static void requireOthersGoOn(Workbench bench, Step step) {
        Context own = bench.context();
        try (Context third = own.ppu().createContext()) {
            Stream free = third.createStream();
            SlowFunction first = begin(bench, step, own, Long.MAX_VALUE);
            try {
                SlowFunction second = begin(bench, step, bench.neighbour(step).context(), Long.MAX_VALUE);
                try {
                    CompletableFuture<Void> quick = free.launchHostFunction(() -> {});
                    bench.promises().expect("a host function of %s in %s".formatted(step, third), quick);
                    LinkRuntime runtime = first.runtime;
                    boolean came = runtime.await(quick::isDone, runtime.deadline(LONG_NANOS));
                    new Claim(bench, step).holds(came,
                            "a host function of %s has not returned %d s later, while those of two other contexts run"
                                    .formatted(third, TimeUnit.NANOSECONDS.toSeconds(LONG_NANOS)),
                            "that a slow one holds up its own context only");
                } finally {
                    second.end();
                }
            } finally {
                first.end();
            }
        }
    }

    /** One that waits for its turn behind this one. */
    Waiting behind(Workbench bench, Step step, Context context) {
        return new Waiting(bench, step, context);
    }

    /** A function that has not had its turn. */
    final class Waiting {
        private final Claim claim;
        private final Context context;
        private final AtomicBoolean ran = new AtomicBoolean();

        private Waiting(Workbench bench, Step step, Context context) {
            this.claim = new Claim(bench, step);
            this.context = context;
            bench.promises().expect("a host function of %s behind a slow one of %s".formatted(step, context),
                    context.createStream(OTHER_QUEUE).launchHostFunction(() -> ran.set(true)));
            runtime.sleep(SHORT_NANOS); // its stream gets there
        }

        /** The slow one ends: where the context is in error by now, this one has no turn any more. */
        void judge() {
            boolean lost = context.lost();
            boolean early = ran.get();
            boolean held = runs();
            end();
            claim.holds(!(held && early), "two host functions of %s ran at a time".formatted(context), "one at a time");
            claim.holds(!(held && lost && ran.get()), "a host function ran in %s, which was in error by then".formatted(context),
                    "that it is not called");
        }
    }
}
