package dev.openppu.harness.sim;

import dev.openppu.model.fault.Strike;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Many lives, each with a seed of its own, on several threads. What comes of a life depends on its seed alone, not on what lives beside it.
 *
 * @param profile of the device
 * @param script exactly these faults in each of them, in place of those that its seed draws
 * @param only only these steps
 * @param most failures after which no more lives begin
 */
public record Campaign(String profile, SeedRange seeds, FaultProfile faults, Workload workload, Optional<List<Strike>> script,
        Optional<StepSet> only, int most) {

    /**
     * Lives all of them.
     *
     * @param threads that live at once
     * @return what came of all together
     */
    public CampaignResult run(int threads, CampaignListener listener) {
        CampaignResult result = new CampaignResult();
        Iterator<Long> seeds = seeds().seeds().iterator();
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> workers = IntStream.range(0, threads).mapToObj(i -> Thread.ofPlatform().daemon().name("campaign-" + i).start(() -> {
            for (Long seed = next(seeds); seed != null && !enough.get(); seed = next(seeds)) {
                LifeResult life = Life.of(new LifeSpec(profile, seed, faults, workload, script, only));
                synchronized (result) {
                    result.add(life);
                    listener.ended(life);
                    enough.set(result.failed() >= most);
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
        return result;
    }

    private static @Nullable Long next(Iterator<Long> seeds) {
        synchronized (seeds) {
            return seeds.hasNext() ? seeds.next() : null;
        }
    }
}
