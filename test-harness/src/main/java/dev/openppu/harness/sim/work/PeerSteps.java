package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.HostMemoryFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What goes between a tenant's two contexts. Each step waits for all of it: a copy is lost with either context, which the other does not hear of by itself.
 */
final class PeerSteps {
    private static final int MOST_COPIES = 3;
    /** Large copies take some ten times as long. */
    private static final int LARGE_ONE_IN = 48;
    /** What the driver carries at once through the host. */
    private static final int CHUNK = 1 << 20;
    private static final int MOST_BEYOND = 5_000;
    /** Words with the same value: no divisor of a chunk, so that no chunk looks like another. */
    private static final int STRIPE = 50_021;
    private static final int WINDOW = 64;

    private final Workbench bench;
    private final Context context;

    PeerSteps(Workbench bench) {
        this.bench = bench;
        this.context = bench.context();
    }

    void perform(Step step) {
        Neighbour neighbour = bench.neighbour(step);
        switch (step.kind()) {
            case PEER_COPY -> {
                if (step.below(29, LARGE_ONE_IN) == 0) {
                    large(step, neighbour);
                } else {
                    copies(step, neighbour);
                }
            }
            case PORTABLE -> portable(step, neighbour);
            case FOREIGN -> foreign(step, neighbour);
            default -> throw new IllegalArgumentException(step + " is not about two contexts");
        }
    }

    /** There and back, each in another way; all of them are under way at once. */
    private void copies(Step step, Neighbour neighbour) {
        Contents mine = bench.buffer(step);
        List<CompletableFuture<Void>> copied = new ArrayList<>();
        for (int left = 1 + step.below(30, MOST_COPIES); left > 0; left--) {
            int dice = 30 + 10 * left;
            boolean away = step.below(dice, 2) == 0;
            Contents from = away ? mine : neighbour.contents();
            Contents to = away ? neighbour.contents() : mine;
            Part part = Part.of(Math.min(from.length(), to.length()), mine.length(), step, dice + 1);
            Stream stream = step.below(dice + 3, 3) == 0 ? neighbour.stream() : bench.stream(step);
            switch (step.below(dice + 4, 4)) {
                case 0 -> copied.add(expected(step, inStream(step, stream, from, to, part)));
                case 1 -> copied.add(expected(step, inBoth(step, from, to, part)));
                case 2 -> asAnyCopy(step, stream, from, to, part);
                default -> {
                    MemorySegment between = outOf(step, stream, from, part);
                    awaitAll(copied, neighbour); // what is not in the buffer yet would not be in what came out
                    into(step, stream, from, to, part, between);
                }
            }
            System.arraycopy(from.words(), part.from(), to.words(), part.from(), part.count());
        }
        neighbour.settle(bench);
        settle(mine);
        awaitAll(copied, neighbour);
    }

    /** More than the driver carries at once, between buffers of stripes; looked at where pieces begin and end. */
    private void large(Step step, Neighbour neighbour) {
        boolean away = step.below(30, 2) == 0;
        Context source = away ? context : neighbour.context();
        Context destination = away ? neighbour.context() : context;
        int count = CHUNK / Integer.BYTES + 1 + step.below(31, MOST_BEYOND);
        int from = step.below(32, WINDOW);
        int to = step.below(33, WINDOW);
        try (DeviceBuffer stripes = source.allocate((long) (from + count) * Integer.BYTES);
                DeviceBuffer copy = destination.allocate((long) (to + count) * Integer.BYTES)) {
            for (int begin = 0; begin < from + count; begin += STRIPE) {
                source.fill32(stripes, (long) begin * Integer.BYTES, stripe(step, begin), Math.min(STRIPE, from + count - begin));
            }
            join(expected(step, Context.copyPeer(copy, (long) to * Integer.BYTES, stripes, (long) from * Integer.BYTES,
                    (long) count * Integer.BYTES)));
            requireAlive(neighbour);
            for (int begin : new int[]{0, CHUNK / Integer.BYTES - WINDOW, CHUNK / Integer.BYTES, count - WINDOW}) {
                int words = Math.min(WINDOW, count - begin);
                int[] wanted = new int[words];
                Arrays.setAll(wanted, i -> stripe(step, from + begin + i));
                MemorySegment back = MemorySegment.ofArray(new int[words]);
                destination.copyToHost(back, copy, (long) (to + begin) * Integer.BYTES);
                Contents.compare(bench.rules(), "%s of %d words, from word %d on".formatted(step, count, begin), wanted, back);
            }
        }
    }

    private static int stripe(Step step, int word) {
        return (step.number() + 1 << Byte.SIZE) + word / STRIPE;
    }

    private CompletableFuture<Void> expected(Step step, CompletableFuture<Void> copy) {
        bench.promises().expect(step + " in " + bench, copy);
        return copy;
    }

    private void awaitAll(List<CompletableFuture<Void>> copied, Neighbour neighbour) {
        copied.forEach(PeerSteps::join);
        requireAlive(neighbour);
    }

    private CompletableFuture<Void> inStream(Step step, Stream stream, Contents from, Contents to, Part part) {
        bench.order(from, stream, step);
        bench.order(to, stream, step);
        return stream.copyPeer(to.buffer(), part.offset(), from.buffer(), part.offset(), part.bytes());
    }

    /** In the legacy default streams of both. */
    private CompletableFuture<Void> inBoth(Step step, Contents from, Contents to, Part part) {
        bench.order(from, from.buffer().context().defaultStream(), step);
        bench.order(to, to.buffer().context().defaultStream(), step);
        return Context.copyPeer(to.buffer(), part.offset(), from.buffer(), part.offset(), part.bytes());
    }

    /** By parts of the buffers. */
    private void asAnyCopy(Step step, Stream stream, Contents from, Contents to, Part part) {
        bench.order(from, stream, step);
        bench.order(to, stream, step);
        stream.copy(to.buffer().slice(part.offset(), part.bytes()), 0, from.buffer().slice(part.offset(), part.bytes()), 0, part.bytes());
    }

    private MemorySegment outOf(Step step, Stream stream, Contents from, Part part) {
        MemorySegment between = MemorySegment.ofArray(new int[part.count()]);
        bench.order(from, stream, step);
        stream.copyToHost(between, from.buffer(), part.offset());
        return between;
    }

    private void into(Step step, Stream stream, Contents from, Contents to, Part part, MemorySegment between) {
        Contents.compare(bench.rules(), "%s of %s".formatted(step, from.buffer()),
                Arrays.copyOfRange(from.words(), part.from(), part.from() + part.count()), between);
        bench.order(to, stream, step);
        stream.copyToDevice(to.buffer(), part.offset(), between);
    }

    private static void join(CompletableFuture<Void> copy) {
        try {
            copy.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof PpuException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void settle(Contents mine) {
        Stream last = mine.last();
        if (last != null) {
            bench.synchronize(last);
        }
        mine.usedBy(null);
    }

    private void requireAlive(Neighbour neighbour) {
        neighbour.requireAlive();
        context.failure().ifPresent(failure -> {
            throw failure;
        });
    }

    /** Host memory that both contexts reach: the second takes out what the first has put there, behind an event of the first. */
    private void portable(Step step, Neighbour neighbour) {
        Contents mine = bench.buffer(step);
        Contents theirs = neighbour.contents();
        Part part = Part.of(Math.min(mine.length(), theirs.length()), mine.length(), step, 30);
        Stream here = bench.stream(step);
        Stream there = neighbour.stream();
        try (PinnedBuffer both = context.allocatePinned(part.bytes(), Set.of(HostMemoryFlag.PORTABLE));
                Event written = step.below(33, 2) == 0 ? context.createEvent() : context.createEvent(EventFlag.DISABLE_TIMING)) {
            bench.order(mine, here, step);
            here.copy(both, 0, mine.buffer(), part.offset(), part.bytes());
            here.record(written);
            there.waitFor(written);
            bench.order(theirs, there, step);
            there.copy(theirs.buffer(), part.offset(), both, 0, part.bytes());
            System.arraycopy(mine.words(), part.from(), theirs.words(), part.from(), part.count());
            bench.synchronize(here);
            there.synchronize();
            Contents.compare(bench.rules(), "%s of %s by way of %s".formatted(step, mine.buffer(), both),
                    Arrays.copyOfRange(mine.words(), part.from(), part.from() + part.count()), both.segment());
        }
        requireAlive(neighbour);
    }

    /** What only copies may do with another context's memory, and what no two contexts of one device have. */
    private void foreign(Step step, Neighbour neighbour) {
        Claim claim = new Claim(bench, step);
        Stream stream = bench.stream(step);
        DeviceMemory mine = bench.buffer(step).buffer();
        DeviceMemory theirs = neighbour.contents().buffer();
        Context other = neighbour.context();
        switch (step.below(30, 8)) {
            case 0 -> claim.refused(HgResult.INVALID_VALUE, "a fill of " + theirs, () -> stream.fill32(theirs, 0, 1, 1));
            case 1 -> claim.refused(HgResult.INVALID_VALUE, "a wait for a value in " + theirs,
                    () -> stream.waitValue32(theirs, 0, Compare.EQUAL, 0));
            case 2 -> claim.refused(HgResult.INVALID_VALUE, "a copy from behind the end of " + theirs,
                    () -> stream.copyPeer(mine, 0, theirs, theirs.size(), 1).isDone());
            case 3 -> {
                try (Event event = context.createEvent()) {
                    claim.refused(HgResult.INVALID_HANDLE, "recording %s in %s".formatted(event, neighbour.stream()),
                            () -> neighbour.stream().record(event));
                }
            }
            case 4 -> claim.refused(HgResult.PEER_ACCESS_UNSUPPORTED, "access to " + other, () -> context.enablePeerAccess(other, 0));
            case 5 -> claim.refused(HgResult.INVALID_VALUE, "access with flags to " + other, () -> context.enablePeerAccess(other, 1));
            case 6 -> claim.refused(HgResult.PEER_ACCESS_NOT_ENABLED, "the end of access to " + other,
                    () -> context.disablePeerAccess(other));
            default -> claim.refused(HgResult.INVALID_CONTEXT, "access to itself", () -> context.enablePeerAccess(context, 0));
        }
    }
}
