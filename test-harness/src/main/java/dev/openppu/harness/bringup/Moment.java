package dev.openppu.harness.bringup;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.bench.Bench;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * When a reset comes: counted from an operation's begin.
 *
 * @param await waits for the moment; false if it was not seen
 */
record Moment(String name, Predicate<UnderWay> await) {
    /** Of an operation that does not end by itself. */
    private static final long ENDLESS_NANOS = 300_000;
    private static final long LONGEST_NANOS = 2_000_000_000L;
    private static final int SHARES = 16;
    private static final long FINENESS = 64;

    /**
     * At once, at each stage, and at shares of the time that the operation takes, the last one behind its end.
     *
     * @param duration from {@link #measure}
     * @param thorough at every sixteenth, not at the first and the last one only
     */
    static List<Moment> around(LinkRuntime runtime, List<UnderWay.Stage> stages, long duration, boolean thorough) {
        List<Moment> all = new ArrayList<>();
        all.add(new Moment("at once", _ -> true));
        for (UnderWay.Stage stage : stages) {
            all.add(new Moment(stage.name(), work -> await(runtime, work, stage.name())));
        }
        for (int share = 1; share <= SHARES + 1; share += thorough ? 1 : SHARES - 1) {
            long nanos = duration * share / SHARES;
            all.add(new Moment("after %.1f us".formatted(nanos / 1e3), _ -> {
                runtime.sleep(nanos);
                return true;
            }));
        }
        return all;
    }

    /** The first, and one of the others that {@code choice} names. */
    static List<Moment> sample(List<Moment> all, int choice) {
        return List.of(all.getFirst(), all.get(1 + Math.floorMod(choice, all.size() - 1)));
    }

    /**
     * Resets at each moment, and notes at which. A device that fails is trusted no more.
     *
     * @param moments tells them; may try the operation on the device
     * @param strike resets at a moment and judges; false if the moment was not seen
     */
    static void strikeAtEach(Bench bench, Supplier<List<Moment>> moments, Predicate<Moment> strike) {
        try {
            List<String> met = new ArrayList<>();
            for (Moment moment : moments.get()) {
                met.add(strike.test(moment) ? moment.name() : moment.name() + " (not seen)");
            }
            bench.note("reset " + String.join(", ", met));
        } catch (CheckFailedException e) {
            bench.distrust();
            throw e;
        }
    }

    /** Lets an operation end by itself and tells how long it took in nanoseconds; one that does not end is not begun. Negative if it should have ended and did not. */
    static long measure(LinkRuntime runtime, UnderWay work) {
        if (work.isEndless()) {
            return ENDLESS_NANOS;
        }
        long begun = runtime.nanos();
        work.start().run();
        return until(runtime, work.over(), LONGEST_NANOS, FINENESS) ? runtime.nanos() - begun : -1;
    }

    /** A stage may be too short to be seen. */
    private static boolean await(LinkRuntime runtime, UnderWay work, String stage) {
        BooleanSupplier reached = work.stages().stream().filter(each -> each.name().equals(stage)).findFirst().orElseThrow().reached();
        boolean[] seen = new boolean[1];
        until(runtime, () -> {
            seen[0] = reached.getAsBoolean();
            return seen[0] || work.over().getAsBoolean();
        }, work.isEndless() ? ENDLESS_NANOS : LONGEST_NANOS, Long.MAX_VALUE);
        return seen[0];
    }

    /** Looks often at first, then once in each {@code 1/fineness} of the time gone by. */
    private static boolean until(LinkRuntime runtime, BooleanSupplier condition, long nanos, long fineness) {
        long begun = runtime.nanos();
        long deadline = runtime.deadline(nanos);
        while (!condition.getAsBoolean()) {
            long now = runtime.nanos();
            if (now >= deadline) {
                return false;
            }
            runtime.sleep(Math.max(1000, (now - begun) / fineness));
        }
        return true;
    }
}
