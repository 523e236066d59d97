package dev.openppu.system.load;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.Launch;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.harness.sim.work.StepKernel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of those who share a device: each round makes a context and everything else anew, has kernels, copies, fills, events, pools and host functions work on numbers that it
 * knows, and checks every one that comes back.
 */
final class Tenant {
    private static final int LARGEST_WORDS = 6_000;
    private static final int PINNED_WORDS = 1_024;
    private static final long LONGEST_THOUGHT_NANOS = 3_000_000;

    private final Ppu ppu;
    private final Random random;
    private final AtomicInteger operations;

    /** @param operations counts what all tenants have submitted */
    Tenant(Ppu ppu, long seed, AtomicInteger operations) {
        this.ppu = ppu;
        this.random = new Random(seed);
        this.operations = operations;
    }

    /** Throws {@link WrongContents} if a number is wrong, and what the driver throws. */
    void round() {
        try (Context context = ppu.createContext(); PpuModule module = context.loadModule(StepKernel.CODE)) {
            Stream first = stream(context);
            Stream second = stream(context);
            int[] words = random.ints(1 + random.nextInt(LARGEST_WORDS)).toArray();
            DeviceBuffer buffer = context.allocate(4L * words.length);
            first.copyToDevice(buffer, 0, MemorySegment.ofArray(words));
            submitted();
            for (int kernels = random.nextInt(4); kernels > 0; kernels--) {
                int turns = 1 + random.nextInt(20);
                first.launch(module.kernel(StepKernel.NAME), Launch.linear(words.length, 32 << random.nextInt(4)), buffer, words.length,
                        turns);
                Arrays.setAll(words, i -> StepKernel.of(words[i], turns));
                submitted();
            }
            fillPart(first, buffer, words);
            handOver(context, first, second);
            throughPool(second, buffer, words);
            throughPinned(context, second, buffer, words);
        }
    }

    /** Counts an operation, and leaves time for things to go wrong before the next. */
    private void submitted() {
        operations.incrementAndGet();
        ppu.link().runtime().sleep(random.nextLong(LONGEST_THOUGHT_NANOS));
    }

    private Stream stream(Context context) {
        return context.createStream(StreamOptions.defaults().withPriority(-random.nextInt(4)).withLog2Packets(2 + random.nextInt(4)));
    }

    private void fillPart(Stream stream, DeviceBuffer buffer, int[] words) {
        int from = random.nextInt(words.length);
        int to = from + random.nextInt(words.length - from + 1);
        int value = random.nextInt();
        stream.fill32(buffer, 4L * from, value, to - from);
        Arrays.fill(words, from, to, value);
        submitted();
    }

    /** The second stream goes on behind the first: by an event, or by a host function that the host waits for. */
    private void handOver(Context context, Stream first, Stream second) {
        if (random.nextBoolean()) {
            Event event = context.createEvent();
            first.record(event);
            second.waitFor(event);
        } else {
            AtomicInteger called = new AtomicInteger();
            CompletableFuture<Void> function = first.launchHostFunction(called::incrementAndGet);
            first.synchronize();
            function.join();
            WrongContents.unlessEqual("host function calls", 0, 1, called.get());
        }
        submitted();
    }

    private void throughPool(Stream stream, DeviceBuffer buffer, int[] words) {
        PooledBuffer pooled = stream.allocateAsync(4L * words.length);
        stream.copy(pooled, 0, buffer, 0, 4L * words.length);
        int[] back = new int[words.length];
        stream.copyToHost(MemorySegment.ofArray(back), pooled, 0);
        stream.freeAsync(pooled);
        submitted();
        compare("pageable copy", words, back);
    }

    private void throughPinned(Context context, Stream stream, DeviceBuffer buffer, int[] words) {
        int count = Math.min(words.length, PINNED_WORDS);
        try (PinnedBuffer pinned = context.allocatePinned(4L * PINNED_WORDS)) {
            stream.copy(pinned, 0, buffer, 4L * (words.length - count), 4L * count);
            submitted();
            stream.synchronize();
            int[] back = new int[count];
            MemorySegment.copy(pinned.segment(), 0, MemorySegment.ofArray(back), 0, 4L * count);
            compare("pinned copy", Arrays.copyOfRange(words, words.length - count, words.length), back);
        }
    }

    private static void compare(String what, int[] wanted, int[] found) {
        for (int i = 0; i < wanted.length; i++) {
            WrongContents.unlessEqual(what, i, wanted[i], found[i]);
        }
    }
}
