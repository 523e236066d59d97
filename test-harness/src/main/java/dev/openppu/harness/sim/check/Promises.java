package dev.openppu.harness.sim.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** What a tenant was promised: futures, each completed once, and host functions, each called once and in the order of its stream. Thread-safe. */
public final class Promises {
    private final Rules rules;
    private final List<Promise> all = new ArrayList<>();
    private final List<Violation> broken = new ArrayList<>();

    private static final class Promise {
        final String what;
        final AtomicInteger kept = new AtomicInteger();

        Promise(String what) {
            this.what = what;
        }
    }

    /** The order in which one stream's host functions are to be called. */
    public static final class Turn {
        private final AtomicInteger last = new AtomicInteger();
        private int handedOut;

        int next() {
            return ++handedOut;
        }

        private void take(Rules rules, int number, String what) {
            int before = last.getAndSet(number);
            if (before > number) {
                rules.broken(Invariant.ORDER, what + ": called behind number " + before + " of its stream, it is number " + number);
            }
        }
    }

    /** @param rules told of what is not kept */
    public Promises(Rules rules) {
        this.rules = rules;
    }

    /** Everything submitted to the stream so far has completed: so have its host functions. */
    public void requireTaken(Turn turn, String what) {
        int taken = turn.last.get();
        if (taken < turn.handedOut) {
            rules.broken(Invariant.ORDER,
                    "%s: work behind host function %d of it has ended, and only %d were called".formatted(what, turn.handedOut, taken));
        }
    }

    /** A future that has to complete, once. */
    public synchronized void expect(String what, CompletableFuture<Void> future) {
        Promise promise = new Promise(what);
        all.add(promise);
        CompletableFuture<Void> _ = future.whenComplete((done, failure) -> promise.kept.incrementAndGet());
    }

    /** What to give to the API as a host function. */
    public Runnable function(String what, Turn turn) {
        int number = turn.next();
        AtomicInteger calls = new AtomicInteger();
        return () -> {
            try {
                turn.take(rules, number, what);
                if (calls.incrementAndGet() > 1) {
                    rules.broken(Invariant.PROMISES, what + ": called " + calls + " times");
                }
            } catch (Violation violation) {
                breaks(violation);
            }
        };
    }

    private synchronized void breaks(Violation violation) {
        broken.add(violation);
    }

    /** To be called when nothing can happen any more. */
    public synchronized void requireKept() {
        if (!broken.isEmpty()) {
            throw broken.getFirst();
        }
        for (Promise promise : all) {
            if (promise.kept.get() != 1) {
                rules.broken(Invariant.PROMISES, promise.what + ": completed " + promise.kept + " times");
            }
        }
    }

    /** Whether every future has completed. */
    public synchronized boolean allDone() {
        return all.stream().allMatch(promise -> promise.kept.get() > 0);
    }
}
