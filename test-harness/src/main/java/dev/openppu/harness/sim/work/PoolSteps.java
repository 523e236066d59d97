package dev.openppu.harness.sim.work;

import dev.openppu.driver.Context;
import dev.openppu.driver.Event;
import dev.openppu.driver.MemoryPool;
import dev.openppu.driver.MemoryPool.Statistics;
import dev.openppu.driver.PoolReuse;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pooled memory that stays: several buffers of up to a few granules at once, of the context's pool and of one of the tenant's own. They are read while nobody waits, freed in a stream that has work left to do, and
 * what was freed is allocated again in any stream. What the tenant's own pool says of itself is held against what it has taken.
 */
final class PoolSteps {
    private static final int MOST_BUFFERS = 6;
    private static final int MOST_GRANULES = 4;
    private static final int GRANULE_WORDS = (int) MemoryPool.GRANULARITY / Integer.BYTES;

    private final Workbench bench;
    private final Context context;
    private final List<Held> held = new ArrayList<>(MOST_BUFFERS);
    private @Nullable PoolBooks books;

    private record Held(PooledBuffer buffer, Contents contents) {}

    PoolSteps(Workbench bench) {
        this.bench = bench;
        this.context = bench.context();
    }

    /** What there is at present. */
    List<Contents> buffers() {
        return held.stream().map(Held::contents).toList();
    }

    void perform(Step step) {
        switch (step.kind()) {
            case POOL_TAKE -> take(step);
            case POOL_USE -> use(step);
            case POOL_FREE -> free(step);
            case POOL_RULES -> rules(step);
            default -> throw new IllegalArgumentException(step + " is not about pooled memory that stays");
        }
    }

    /** Allocates and fills; the fill of what another stream has freed must not pass what that one still does with it. */
    private void take(Step step) {
        if (held.size() == MOST_BUFFERS) {
            free(step);
        }
        Stream stream = bench.stream(step);
        int words = (1 + step.below(31, MOST_GRANULES)) * GRANULE_WORDS - step.below(32, GRANULE_WORDS);
        long bytes = (long) words * Integer.BYTES;
        PooledBuffer buffer = step.below(33, 4) == 0 ? stream.allocateAsync(bytes) : books().take(step, stream, bytes);
        Contents contents = new Contents(buffer, new int[words]);
        held.add(new Held(buffer, contents));
        stream.fill32(buffer, 0, step.number() + 1, words);
        Arrays.fill(contents.words(), step.number() + 1);
        contents.usedBy(stream);
    }

    /** Some of one is written or read, maybe behind something that takes long. */
    private void use(Step step) {
        if (held.isEmpty()) {
            take(step);
            return;
        }
        Stream stream = bench.stream(step);
        Contents contents = held.get(step.below(1, held.size())).contents();
        if (step.below(34, 2) == 0) {
            bench.delay(step, stream);
        }
        if (step.below(35, 3) == 0) {
            Part part = Part.of(contents.length(), contents.length(), step, 36);
            bench.order(contents, stream, step);
            stream.fill32(contents.buffer(), part.offset(), step.number(), part.count());
            Arrays.fill(contents.words(), part.from(), part.from() + part.count(), step.number());
        } else {
            bench.lookLater(step, stream, contents);
        }
    }

    /** In a stream that reads it as the last thing it does with it, behind something that takes long; now and then by closing it. */
    private void free(Step step) {
        if (held.isEmpty()) {
            take(step);
            return;
        }
        Held one = held.remove(step.below(1, held.size()));
        Stream stream = bench.stream(step);
        if (step.below(34, 4) != 0) {
            bench.delay(step, stream);
        }
        bench.lookLater(step, stream, one.contents());
        if (step.below(35, 8) == 0) {
            one.buffer().close();
        } else {
            stream.freeAsync(one.buffer());
        }
        if (one.buffer().pool() == books().pool()) {
            books().gave(step, stream, one.buffer());
        }
    }

    private PoolBooks books() {
        PoolBooks present = books;
        if (present == null) {
            present = new PoolBooks(bench, context.createMemoryPool());
            books = present;
        }
        return present;
    }

    private void rules(Step step) {
        MemoryPool pool = books().pool();
        switch (step.below(31, 4)) {
            case 0 -> {
                Set<PoolReuse> reuse = EnumSet.noneOf(PoolReuse.class);
                for (PoolReuse flag : PoolReuse.values()) {
                    if (step.below(32 + flag.ordinal(), 2) == 0) {
                        reuse.add(flag);
                    }
                }
                pool.setReuse(reuse);
                new Claim(bench, step).holds(pool.reuse().equals(reuse),
                        "%s set to reuse %s reuses %s".formatted(pool, reuse, pool.reuse()),
                        "what was set");
            }
            case 1 -> pool.setReleaseThreshold(step.below(32, 2) == 0 ? 0 : step.below(33, 8) * MemoryPool.GRANULARITY);
            case 2 -> books().trim(step, step.below(32, 8) * MemoryPool.GRANULARITY);
            default -> giveBack(step);
        }
    }

    /** Everything is freed in one stream and an event waited for that is recorded behind: the pool keeps no more than it may. */
    private void giveBack(Step step) {
        Stream stream = bench.stream(step);
        bench.synchronizeAll();
        for (Held one : List.copyOf(held)) {
            bench.lookLater(step, stream, one.contents());
            stream.freeAsync(one.buffer());
            held.remove(one);
            if (one.buffer().pool() == books().pool()) {
                books().gave(step, stream, one.buffer());
            }
        }
        try (Event event = context.createEvent()) {
            stream.record(event);
            event.synchronize();
        }
        Statistics behind = books().pool().statistics();
        bench.synchronizeAll(); // if one has failed meanwhile, by a count that cannot be, nothing is known to be free
        books().requireReleased(step, behind);
    }
}
