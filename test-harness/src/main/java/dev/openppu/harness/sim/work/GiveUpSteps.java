package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Compare;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuInterruptedException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.harness.sim.check.Invariant;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Waits that somebody gives up, by a time-out or an interrupt, while the work that they are for is held: what was submitted goes on and is done, what was not is not, and nothing that the work still uses is given to
 * others. All of it is in the tenant's second context, which nobody else is in.
 */
final class GiveUpSteps {
    private static final int BYTES = Integer.BYTES;
    /** Words of five pieces of staging memory, of 64 KiB each: more than a copy has under way at once. */
    private static final int LARGE_WORDS = 80_000;
    private static final int USUAL_WORDS = 2_000;
    /** Longest time-out, and longest until an interrupt. */
    private static final int MOST_NANOS = 300_000;
    /** Whoever waits for no longer than {@link #MOST_NANOS} has given up by then, on a machine that has other things to do, too. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(20);
    /** More than a ring of 16 packets and what the device has taken of it. */
    private static final int FILLS = 20;
    /** More than there are chunks of staging memory. */
    private static final int ATTEMPTS = 9;
    private static final long OPEN = 1;

    private final Workbench bench;
    private final Step step;
    private final Neighbour neighbour;
    private final LinkRuntime runtime;
    private final Claim claim;

    GiveUpSteps(Workbench bench, Step step) {
        this.bench = bench;
        this.step = step;
        this.neighbour = bench.neighbour(step);
        this.runtime = neighbour.context().ppu().link().runtime();
        this.claim = new Claim(bench, step);
    }

    void perform() {
        boolean timed = switch (step.kind()) {
            case TIME_OUT -> true;
            case INTERRUPT -> false;
            default -> throw new IllegalArgumentException(step + " gives nothing up");
        };
        long nanos = 1L + step.below(30, MOST_NANOS);
        StreamOptions options = StreamOptions.defaults().withLog2Packets(2 + step.below(31, 3));
        Stream stream = neighbour.context().createStream(timed ? options.withSubmitTimeout(Duration.ofNanos(nanos)) : options);
        try (PinnedBuffer gate = neighbour.context().allocatePinned(Long.BYTES)) {
            Held held = new Held(stream, gate, timed, nanos);
            switch (step.below(32, timed ? 2 : 4)) {
                case 0 -> fills(held);
                case 1 -> copyOut(held);
                case 2 -> waits(held, stream::synchronize);
                default -> {
                    try (Event event = neighbour.context().createEvent(EventFlag.DISABLE_TIMING)) {
                        waits(held, () -> {
                            stream.record(event);
                            event.synchronize();
                        });
                    }
                }
            }
        }
        stream.close();
    }

    /**
     * A stream that can be made to stand still until a gate opens.
     *
     * @param gate eight bytes
     * @param timed whether its submissions give up by themselves, after so many nanoseconds; if not, somebody interrupts them
     */
    private record Held(Stream stream, PinnedBuffer gate, boolean timed, long nanos) {
        /** Only its own work is held: what is to be ready before has to be ready. */
        void hold() {
            gate.segment().set(ValueLayout.JAVA_LONG, 0, 0);
            stream.waitValue64(gate, 0, Compare.EQUAL, OPEN);
        }

        void open() {
            gate.segment().set(ValueLayout.JAVA_LONG, 0, OPEN);
        }

        /** Everything has ended; no submission is waited for here, which might give up. */
        void end() {
            open();
            stream.synchronize();
        }
    }

    /** Until the ring is full: those that were taken are done, in their order, and the one that was given up is not, nor is any behind it. */
    private void fills(Held held) {
        AtomicInteger taken = new AtomicInteger();
        AtomicLong last = new AtomicLong();
        try (DeviceBuffer words = neighbour.context().allocate(FILLS * BYTES)) {
            held.stream.fill8(words, 0, (byte) 0, words.size());
            held.hold();
            giveUp(held, "a fill in a ring that is full", last, () -> {
                for (int i = 0; i < FILLS; i++) {
                    last.set(runtime.nanos());
                    held.stream.fill32(words, (long) i * BYTES, i + 1, 1);
                    taken.incrementAndGet();
                }
            });
            if (step.below(36, 3) == 0) {
                MemorySegment nothing = MemorySegment.ofArray(new int[FILLS]);
                for (int times = 0; times < ATTEMPTS; times++) {
                    giveUp(held, "a copy to the host in a ring that is full", () -> held.stream.copyToHost(nothing, words, 0));
                }
            }
            held.end();
            int[] wanted = new int[FILLS];
            Arrays.setAll(wanted, i -> i < taken.get() ? i + 1 : 0);
            look(held, words, wanted);
        }
    }

    /** Copies to the host are given up, and the memory that they go through is used by the next copy, in front of the gate or behind it. */
    private void copyOut(Held held) {
        int words = 1 + step.below(33, step.below(34, 2) == 0 ? USUAL_WORDS : LARGE_WORDS);
        int[] numbers = BufferSteps.numbers(step, Math.min(words, USUAL_WORDS));
        try (DeviceBuffer from = neighbour.context().allocate((long) words * BYTES);
                DeviceBuffer to = neighbour.context().allocate((long) numbers.length * BYTES)) {
            neighbour.stream().fill32(from, 0, step.number(), words);
            neighbour.stream().synchronize();
            held.hold();
            MemorySegment nothing = MemorySegment.ofArray(new int[words]);
            for (int times = held.timed ? 1 : 1 + step.below(35, 2); times > 0; times--) {
                giveUp(held, "a copy to the host behind a value that was not stored", () -> held.stream.copyToHost(nothing, from, 0));
            }
            if (held.timed) {
                copyInBehind(held, to, numbers);
            } else {
                held.open();
                held.stream.copyToDevice(to, 0, MemorySegment.ofArray(numbers));
                held.stream.synchronize();
            }
            look(held, to, numbers);
            int[] filled = new int[words];
            Arrays.fill(filled, step.number());
            look(held, from, filled);
        }
    }

    /** In a ring that may be full: then it is given up, too, and copied when there is room. */
    private void copyInBehind(Held held, DeviceBuffer to, int[] numbers) {
        MemorySegment source = MemorySegment.ofArray(numbers);
        try {
            held.stream.copyToDevice(to, 0, source);
            held.end();
        } catch (PpuException e) {
            if (e.hgresult() != HgResult.TIMEOUT) {
                throw e;
            }
            held.end();
            neighbour.stream().copyToDevice(to, 0, source);
        }
    }

    /** By way of the staging memory of what was given up, where that may take its time. */
    private void look(Held held, DeviceBuffer buffer, int[] wanted) {
        Stream reader = held.timed ? neighbour.stream() : held.stream;
        MemorySegment back = MemorySegment.ofArray(new int[wanted.length]);
        reader.copyToHost(back, buffer, 0);
        Contents.compare(bench.rules(), "%s: %s, behind what was given up".formatted(step, buffer), wanted, back);
    }

    private void waits(Held held, Runnable wait) {
        held.hold();
        giveUp(held, "the end of a wait for what is held", wait);
        held.end();
    }

    private void giveUp(Held held, String what, Runnable waiting) {
        giveUp(held, what, new AtomicLong(runtime.nanos()), waiting);
    }

    /** @param begun when the wait has begun that is given up */
    private void giveUp(Held held, String what, AtomicLong begun, Runnable waiting) {
        if (!held.timed) {
            interrupt(held.nanos, what, waiting);
            return;
        }
        claim.refused(HgResult.TIMEOUT, what, waiting);
        long waited = runtime.nanos() - begun.get();
        if (waited < held.nanos || waited > LATE_NANOS) {
            bench.rules().broken(Invariant.PROGRESS, "%s: %s was given up behind %d ns".formatted(step, what, waited),
                    "behind its time-out of %d ns, and soon".formatted(held.nanos));
        }
    }

    /** In a thread of its own, which is interrupted when it has begun. */
    private void interrupt(long nanos, String what, Runnable waiting) {
        AtomicReference<@Nullable RuntimeException> outcome = new AtomicReference<>();
        AtomicReference<@Nullable String> kept = new AtomicReference<>();
        AtomicInteger begun = new AtomicInteger();
        Stream ended = step.below(37, 2) == 0 ? neighbour.context().createStream() : null;
        LinkRuntime.Worker worker = runtime.start("interrupted", () -> {
            begun.set(1);
            runtime.wake();
            try {
                waiting.run();
            } catch (PpuInterruptedException e) {
                outcome.set(closed(ended, e));
                kept.set(Thread.currentThread().isInterrupted() ? "its flag is set" : null);
            } catch (RuntimeException e) {
                outcome.set(e);
            }
        });
        runtime.await(() -> begun.get() != 0, LinkRuntime.NEVER);
        runtime.sleep(nanos);
        worker.interrupt();
        if (!worker.join(runtime.deadline(LATE_NANOS))) {
            bench.rules().broken(Invariant.PROGRESS, "%s: %s was interrupted, and waits on".formatted(step, what),
                    "that it ends with a PpuInterruptedException");
            return;
        }
        RuntimeException thrown = outcome.get();
        if (thrown == null) {
            bench.rules().broken(Invariant.TYPED_ERRORS, "%s: %s returned, and was interrupted".formatted(step, what),
                    "a PpuInterruptedException");
        } else if (!(thrown instanceof PpuInterruptedException)) {
            throw thrown;
        } else if (kept.get() == null) {
            bench.rules().broken(Invariant.TYPED_ERRORS, "%s: %s was interrupted, and its thread is not any more".formatted(step, what),
                    "a thread whose interrupt flag is set");
        }
    }

    /** What a thread closes that is interrupted is closed; returns what went wrong, or the interrupt. */
    private static RuntimeException closed(@Nullable Stream stream, PpuInterruptedException interrupt) {
        try {
            if (stream != null) {
                stream.close();
            }
            return interrupt;
        } catch (PpuException e) {
            return e;
        }
    }
}
