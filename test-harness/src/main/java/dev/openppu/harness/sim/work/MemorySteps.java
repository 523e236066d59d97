package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Context;
import dev.openppu.driver.MemoryPool;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.RegisteredBuffer;
import dev.openppu.driver.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/** Memory of other kinds: the tenant's own, registered; and of pools, also such as it makes. */
final class MemorySteps {
    private static final long PAGE = 4096;
    private static final int MOST_PAGES = 12;

    private final Workbench bench;
    private final Context context;

    MemorySteps(Workbench bench) {
        this.bench = bench;
        this.context = bench.context();
    }

    void perform(Step step) {
        switch (step.kind()) {
            case POOL -> pool(step);
            case REGISTER -> register(step);
            case OWN_POOL -> ownPool(step);
            default -> throw new IllegalArgumentException(step + " is not about memory of other kinds");
        }
    }

    /** Out to pages that are registered, and from there in again beside it. The pages go when nobody knows them any more: a context that is lost may hold the registration for a while. */
    private void register(Step step) {
        Contents contents = bench.buffer(step);
        Stream stream = bench.stream(step);
        int count = 1 + step.below(2, MOST_PAGES);
        MemorySegment around = Arena.ofAuto().allocate(PAGE * (count + 2), PAGE);
        MemorySegment pages = around.asSlice(PAGE, PAGE * count);
        long bytes = Math.min(contents.bytes(), pages.byteSize());
        long offset = step.below(3, (int) (pages.byteSize() - bytes) + 1);
        bench.order(contents, stream, step);
        try (RegisteredBuffer registered = context.registerHost(pages, Set.of())) {
            refuseAgain(step, around, count);
            stream.copy(registered, offset, contents.buffer(), 0, bytes);
            bench.synchronize(stream);
            MemorySegment there = pages.asSlice(offset, bytes);
            Contents.compareBytes(bench.rules(), step + " of " + contents.buffer(), contents.memory().asSlice(0, bytes), there);
            there.fill((byte) step.number());
            stream.copy(contents.buffer(), 0, registered, offset, bytes);
            contents.memory().asSlice(0, bytes).fill((byte) step.number());
            bench.synchronize(stream);
        }
    }

    /** Pages of which some are registered, at the begin or the end or between others, are not registered again. */
    private void refuseAgain(Step step, MemorySegment around, int registered) {
        int first = step.below(4, registered + 1);
        int last = Math.max(1, first) + step.below(5, registered + 2 - Math.max(1, first));
        MemorySegment overlapping = around.asSlice(PAGE * first, PAGE * (last - first + 1));
        new Claim(bench, step).refused(HgResult.HOST_MEMORY_ALREADY_REGISTERED,
                "host memory of pages %d to %d, of which 1 to %d are registered,".formatted(first, last, registered),
                () -> context.registerHost(overlapping, Set.of()).close());
    }

    private void pool(Step step) {
        Contents contents = bench.buffer(step);
        Stream stream = bench.stream(step);
        bench.order(contents, stream, step);
        long bytes = (long) contents.length() * Integer.BYTES;
        PooledBuffer pooled = stream.allocateAsync(bytes);
        stream.copy(pooled, 0, contents.buffer(), 0, bytes);
        if (step.below(2, 2) == 0) {
            MemorySegment back = MemorySegment.ofArray(new int[contents.length()]);
            stream.copyToHost(back, pooled, 0);
            Contents.compare(bench.rules(), step + " through " + pooled, contents.words(), back);
        }
        stream.freeAsync(pooled);
    }

    /** Now and then it is the context's current one, until it is closed. */
    private void ownPool(Step step) {
        boolean current = bench.alone() && step.below(4, 2) == 0;
        Contents contents = bench.buffer(step);
        Stream stream = bench.stream(step);
        bench.order(contents, stream, step);
        Claim claim = new Claim(bench, step);
        try (MemoryPool pool = context.createMemoryPool()) {
            pool.setReleaseThreshold(step.below(2, 2) == 0 ? 0 : Long.MAX_VALUE);
            if (current) {
                context.setMemoryPool(pool);
            }
            for (int round = 0; round < 2; round++) { // the second one takes what the first has freed
                PooledBuffer pooled = current ? stream.allocateAsync(contents.bytes()) : stream.allocateAsync(contents.bytes(), pool);
                claim.holds(pooled.pool() == pool, pooled + " is of " + pooled.pool(), pool.toString());
                stream.copy(pooled, 0, contents.buffer(), 0, contents.bytes());
                MemorySegment back = MemorySegment.ofArray(new int[contents.length()]);
                stream.copyToHost(back, pooled, 0);
                stream.freeAsync(pooled);
                Contents.compare(bench.rules(), step + " through " + pooled, contents.words(), back);
            }
            if (step.below(3, 2) == 0) {
                pool.trimTo(0);
            }
        }
        if (current) {
            claim.holds(context.memoryPool() == context.defaultMemoryPool(),
                    "a pool is closed, and the current one is " + context.memoryPool(), "the default one");
        }
    }
}
