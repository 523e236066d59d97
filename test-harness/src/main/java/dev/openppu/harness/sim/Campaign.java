package dev.openppu.harness.sim;

import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.work.StepSet;
import dev.openppu.harness.sim.work.Workload;
import dev.openppu.model.fault.Strike;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
    /** In the host's time, as of no other clock here: a healthy life takes a second at most where the machine has nothing else to do. */
    private static final Duration LONGEST_LIFE = Duration.ofMinutes(2);
    /** How often those under way are looked after. */
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int MOST_NAMED = 4;

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
     * @throws IllegalStateException if a life has thrown, which no rule speaks of
     */
    public CampaignResult runWitnessed(int threads, CampaignListener listener, LongPredicate toLive) {
        return run(threads, listener, Life::witnessed, toLive);
    }

    /** The same, with another limit of failures. */
    public Campaign withMost(int failures) {
        return new Campaign(profile, seeds, faults, workload, script, only, rules, failures);
    }

    private CampaignResult run(int threads, CampaignListener listener, Function<LifeSpec, LifeResult> live, LongPredicate toLive) {
        return run(threads, listener, live, toLive, LONGEST_LIFE);
    }

    CampaignResult run(int threads, CampaignListener listener, Function<LifeSpec, LifeResult> live, LongPredicate toLive,
            Duration longestLife) {
        return new Run(listener, live, longestLife).of(threads, seeds().seeds().filter(toLive).iterator());
    }

    /** One run: workers that live a seed after the other, and who looks after them. */
    private final class Run {
        private final CampaignListener listener;
        private final Function<LifeSpec, LifeResult> live;
        private final long longestNanos;
        private final CampaignResult result = new CampaignResult();
        private final Map<Thread, Underway> underway = new ConcurrentHashMap<>();
        /** No more lives begin, and of those under way nobody hears. */
        private volatile boolean over;
        private @Nullable RuntimeException refusal;

        Run(CampaignListener listener, Function<LifeSpec, LifeResult> live, Duration longestLife) {
            this.listener = listener;
            this.live = live;
            this.longestNanos = longestLife.toNanos();
        }

        CampaignResult of(int threads, Iterator<Long> seedsToLive) {
            List<Thread> workers = IntStream.range(0, threads)
                    .mapToObj(i -> Thread.ofVirtual().name("campaign-" + i).start(() -> work(seedsToLive))).toList();
            try {
                for (Thread worker : workers) {
                    while (!worker.join(LOOK) && lookAfter()) {
                        // it is still at work
                    }
                }
            } catch (InterruptedException e) {
                over = true;
                Thread.currentThread().interrupt();
            }
            synchronized (result) {
                if (refusal != null) {
                    throw refusal;
                }
                return result;
            }
        }

        private void work(Iterator<Long> seedsToLive) {
            for (Long seed = next(seedsToLive); seed != null && !over; seed = next(seedsToLive)) {
                LifeSpec spec = new LifeSpec(profile, seed, faults, workload, script, only, rules);
                underway.put(Thread.currentThread(), new Underway(spec, System.nanoTime()));
                try {
                    ended(live.apply(spec));
                } catch (RuntimeException | Error e) {
                    refuse(new IllegalStateException("a life could not be lived to its end: " + spec.command() + ": " + e, e));
                } finally {
                    underway.remove(Thread.currentThread());
                }
            }
        }

        private void ended(LifeResult life) {
            synchronized (result) {
                if (!over) {
                    result.add(life);
                    over = result.failed() >= most;
                    try {
                        listener.ended(life);
                    } catch (RuntimeException e) {
                        refuse(e);
                    }
                }
            }
        }

        private void refuse(RuntimeException e) {
            synchronized (result) {
                refusal = refusal == null ? e : refusal;
                over = true;
            }
        }

        /** Ends the campaign where a life has taken too long: its threads cannot be stopped. False if so. */
        private boolean lookAfter() {
            for (Underway each : underway.values()) {
                if (System.nanoTime() - each.sinceNanos() > longestNanos) {
                    ended(LifeResult.unfinished(each.spec(), "the life has not ended within %d s of the host's time; at work: %s"
                            .formatted(TimeUnit.NANOSECONDS.toSeconds(longestNanos), atWork())));
                    over = true;
                    return false;
                }
            }
            return true;
        }
    }

    /** A life that has begun and not ended. */
    private record Underway(LifeSpec spec, long sinceNanos) {}

    private static String atWork() {
        List<String> threads = ThreadDump.atWork();
        return threads.isEmpty() ? "nobody" : String.join("; ", threads.subList(0, Math.min(MOST_NAMED, threads.size())));
    }

    private static @Nullable Long next(Iterator<Long> seeds) {
        synchronized (seeds) {
            return seeds.hasNext() ? seeds.next() : null;
        }
    }
}
