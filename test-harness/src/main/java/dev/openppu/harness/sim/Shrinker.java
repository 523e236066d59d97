package dev.openppu.harness.sim;

import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.work.StepSet;
import dev.openppu.model.fault.Strike;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes a life that fails smaller: leaves out faults, and steps, as long as the same invariant is violated (delta debugging: Zeller, Hildebrandt, "Simplifying and isolating
 * failure-inducing input", 2002). What is left is one command line.
 */
public final class Shrinker {
    private final int mostLives;
    private final Consumer<LifeSpec> progress;
    private final Function<LifeSpec, LifeResult> live;
    private int lives;
    private Invariant wanted = Invariant.PROGRESS;

    /**
     * @param mostLives that are lived for it
     * @param progress hears of each smaller life that still fails
     */
    public Shrinker(int mostLives, Consumer<LifeSpec> progress) {
        this(mostLives, progress, Life::of);
    }

    Shrinker(int mostLives, Consumer<LifeSpec> progress, Function<LifeSpec, LifeResult> live) {
        this.mostLives = mostLives;
        this.progress = progress;
        this.live = live;
    }

    /** The smallest life found that violates the same invariant as {@code failure} does; itself, as a script, if there is none smaller. */
    public LifeResult shrink(LifeResult failure) {
        wanted = failure.violation().orElseThrow(() -> new IllegalArgumentException("a life that passes is not shrunk")).invariant();
        LifeSpec spec = failure.spec().withScript(failure.strikes());
        if (!fails(spec)) {
            return failure; // what struck decides less than what else the faults' dice moved
        }
        spec = withFewerStrikes(spec);
        spec = withFewerSteps(spec);
        spec = withFewerStrikes(spec);
        return live.apply(spec);
    }

    /** How many lives it took. */
    public int lives() {
        return lives;
    }

    private LifeSpec withFewerStrikes(LifeSpec spec) {
        List<Strike> strikes = minimal(spec.script().orElseThrow(), fewer -> fails(spec.withScript(fewer)));
        return spec.withScript(strikes);
    }

    private LifeSpec withFewerSteps(LifeSpec spec) {
        List<Integer> all = new ArrayList<>();
        for (int number = 0; number < spec.workload().steps(); number++) {
            all.add(number);
        }
        return spec.withOnly(set(minimal(all, fewer -> fails(spec.withOnly(set(fewer))))));
    }

    private static StepSet set(List<Integer> numbers) {
        BitSet bits = new BitSet();
        numbers.forEach(bits::set);
        return new StepSet(bits);
    }

    private boolean fails(LifeSpec spec) {
        if (lives >= mostLives) {
            return false;
        }
        lives++;
        boolean fails = live.apply(spec).violation().filter(violation -> violation.invariant() == wanted).isPresent();
        if (fails) {
            progress.accept(spec);
        }
        return fails;
    }

    private static <T> List<T> minimal(List<T> all, Predicate<List<T>> fails) {
        List<T> kept = List.copyOf(all);
        int parts = 2;
        while (!kept.isEmpty()) {
            List<T> fewer = withoutOnePart(kept, Math.min(parts, kept.size()), fails);
            if (fewer.size() < kept.size()) {
                kept = fewer;
                parts = Math.max(2, parts - 1);
            } else if (parts >= kept.size()) {
                break;
            } else {
                parts = Math.min(kept.size(), 2 * parts);
            }
        }
        return kept;
    }

    private static <T> List<T> withoutOnePart(List<T> kept, int parts, Predicate<List<T>> fails) {
        for (int part = 0; part < parts; part++) {
            List<T> rest = new ArrayList<>(kept.subList(0, kept.size() * part / parts));
            rest.addAll(kept.subList(kept.size() * (part + 1) / parts, kept.size()));
            if (fails.test(rest)) {
                return rest;
            }
        }
        return kept;
    }
}
