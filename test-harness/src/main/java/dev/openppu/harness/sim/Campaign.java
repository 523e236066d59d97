package dev.openppu.harness.sim;

import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.work.StepSet;
import dev.openppu.harness.sim.work.Workload;
import dev.openppu.model.fault.Strike;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Many lives, each with a seed of its own, on several threads. What comes of a life depends on its seed alone, not on what lives beside it.
 *
 * <p>The threads are virtual, and so are those of the simulated hosts: handing over from one to the other is most of what a simulation asks of the system.
 *
 * @param profile of the device
 * @param script exactly these faults in each of them, in place of those that its seed draws
 * @param only only these steps
 * @param rules that every life is held to
 * @param most failures after which no more lives begin
 */
public record Campaign(String profile, SeedRange seeds, FaultProfile faults, Workload workload, Optional<List<Strike>> script,
        Optional<StepSet> only, Rules rules, int most) {

    /** Held to all rules. */
    public Campaign(String profile, SeedRange seeds, FaultProfile faults, Workload workload, Optional<List<Strike>> script,
            Optional<StepSet> only, int most) {
        this(profile, seeds, faults, workload, script, only, Rules.ALL, most);
    }

    /**
     * Lives all of them.
     *
     * @param threads that live at once
     * @return what came of all together
     */
    public CampaignResult run(int threads, CampaignListener listener) {
        return run(threads, listener, Life::of, seed -> true);
    }

    /**
     * Lives those that are still to be lived, each with an {@link Account} of it.
     *
     * @param toLive which seeds
     * @throws RuntimeException the listener's: no more lives begin then
     * @throws IllegalStateException if a life could not be lived to its end, which no life's failure is
     */
    public CampaignResult runWitnessed(int threads, CampaignListener listener, LongPredicate toLive) {
        return run(threads, listener, Life::witnessed, toLive);
    }

    /** The same, with another limit of failures. */
    public Campaign withMost(int failures) {
        return new Campaign(profile, seeds, faults, workload, script, only, rules, failures);
    }

    CampaignResult run(int threads, CampaignListener listener, Function<LifeSpec, LifeResult> live, LongPredicate toLive) {
        CampaignResult result = new CampaignResult();
        Iterator<Long> seeds = seeds().seeds().filter(toLive).iterator();
        AtomicBoolean enough = new AtomicBoolean();
        AtomicReference<@Nullable RuntimeException> refused = new AtomicReference<>();
        List<Thread> workers = IntStream.range(0, threads).mapToObj(i -> Thread.ofVirtual().name("campaign-" + i).start(() -> {
            for (Long seed = next(seeds); seed != null && !enough.get(); seed = next(seeds)) {
                LifeSpec spec = new LifeSpec(profile, seed, faults, workload, script, only, rules);
                LifeResult life = lived(spec, live, refused);
                if (life == null) {
                    enough.set(true);
                    return;
                }
                synchronized (result) {
                    if (refused.get() == null) {
                        result.add(life);
                        tell(listener, life, refused);
                        enough.set(result.failed() >= most || refused.get() != null);
                    }
                }
            }
        })).toList();
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            enough.set(true);
            Thread.currentThread().interrupt();
        }
        RuntimeException refusal = refused.get();
        if (refusal != null) {
            throw refusal;
        }
        return result;
    }

    /** Null if it could not be lived, which is no life's failure but the harness's own, and ends the campaign. */
    private static @Nullable LifeResult lived(LifeSpec spec, Function<LifeSpec, LifeResult> live,
            AtomicReference<@Nullable RuntimeException> refused) {
        try {
            return live.apply(spec);
        } catch (RuntimeException | Error e) {
            refused.compareAndSet(null, new IllegalStateException("a life could not be lived to its end: " + spec.command() + ": " + e, e));
            return null;
        }
    }

    private static void tell(CampaignListener listener, LifeResult life, AtomicReference<@Nullable RuntimeException> refused) {
        try {
            listener.ended(life);
        } catch (RuntimeException e) {
            refused.set(e);
        }
    }

    private static @Nullable Long next(Iterator<Long> seeds) {
        synchronized (seeds) {
            return seeds.hasNext() ? seeds.next() : null;
        }
    }
}
