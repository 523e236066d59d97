package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextInventory;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.harness.sim.check.Invariant;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The same again and again in the tenant's second context, which nobody else is in: streams, events and memory are made, used and closed. What the context holds may grow at first, for rings, staging memory and
 * signals stay; it does not grow each time.
 */
final class RoundSteps {
    private static final int ROUNDS = 5;
    private static final int MOST_STREAMS = 3;
    private static final int MOST_EVENTS = 4;
    private static final int MOST_RECORDS = 5;
    private static final int MOST_WORDS = 3_000;
    private static final int MOST_NANOS = 50_000;
    private static final long OPEN = 1;

    private final Step step;
    private final Workbench bench;
    private final Context context;
    private final Claim claim;

    RoundSteps(Workbench bench, Step step) {
        this.step = step;
        this.bench = bench;
        this.context = bench.neighbour(step).context();
        this.claim = new Claim(bench, step);
    }

    void perform() {
        bench.neighbour(step).settle(bench);
        List<ContextInventory> held = new ArrayList<>();
        boolean givesUp = step.below(30, 2) == 0;
        for (int round = 0; round < ROUNDS; round++) {
            streams();
            if (givesUp) {
                copyGivenUp();
            }
            context.synchronize();
            held.add(context.inventory());
        }
        boolean queues = true;
        boolean memory = true;
        boolean signals = true;
        for (int round = 1; round < ROUNDS; round++) {
            ContextInventory before = held.get(round - 1);
            ContextInventory now = held.get(round);
            queues &= now.queues() > before.queues();
            memory &= now.bytes() > before.bytes();
            signals &= now.signals() > before.signals();
        }
        if (queues || memory || signals) {
            bench.rules().broken(Invariant.LEAKS,
                    "%s: a context in which the same was made and closed %d times held more each time: %s".formatted(step, ROUNDS, held),
                    "that it does not grow for ever");
        }
    }

    private void streams() {
        int words = 1 + step.below(31, MOST_WORDS);
        int[] numbers = BufferSteps.numbers(step, words);
        for (int number = 1 + step.below(32, MOST_STREAMS); number > 0; number--) {
            try (Stream stream = context.createStream();
                    DeviceBuffer buffer = context.allocate((long) words * Integer.BYTES);
                    PinnedBuffer pinned = context.allocatePinned((long) words * Integer.BYTES)) {
                events(stream, buffer);
                stream.copyToDevice(buffer, 0, MemorySegment.ofArray(numbers));
                stream.copy(pinned, 0, buffer, 0, buffer.size());
                if (step.below(33, 2) == 0) {
                    CompletableFuture<Void> _ = stream.launchHostFunction(() -> {});
                }
                stream.synchronize();
                Contents.compare(bench.rules(), step + ": " + pinned, numbers, pinned.segment());
            }
        }
    }

    /** Closed while their packets are in flight, as a rule. */
    private void events(Stream stream, DeviceBuffer buffer) {
        for (int number = step.below(34, MOST_EVENTS); number > 0; number--) {
            try (Event event = context.createEvent()) {
                for (int times = 1 + step.below(35 + number, MOST_RECORDS); times > 0; times--) {
                    stream.fill32(buffer, 0, times, 1);
                    stream.record(event);
                }
                stream.waitFor(event);
            }
        }
    }

    /** A copy to the device in a ring that stands still, until the stream's time-out. */
    private void copyGivenUp() {
        try (PinnedBuffer gate = context.allocatePinned(Long.BYTES); DeviceBuffer buffer = context.allocate(Integer.BYTES)) {
            StreamOptions small = StreamOptions.defaults().withLog2Packets(2)
                    .withSubmitTimeout(Duration.ofNanos(1L + step.below(50, MOST_NANOS)));
            Stream stream = context.createStream(small);
            stream.waitValue64(gate, 0, Compare.EQUAL, OPEN);
            try {
                MemorySegment source = MemorySegment.ofArray(new int[1]);
                claim.refused(HgResult.TIMEOUT, "the last of many copies to the device in a ring that stands still", () -> {
                    for (int i = 0; i < 20; i++) {
                        stream.copyToDevice(buffer, 0, source);
                    }
                });
            } finally {
                gate.segment().set(ValueLayout.JAVA_LONG, 0, OPEN);
            }
            try {
                stream.synchronize();
            } finally {
                stream.close();
            }
        }
    }
}
