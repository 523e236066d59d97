package dev.openppu.harness.sim.work;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.Launch;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.harness.sim.check.Violation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Several threads that work in one stream at a time, none of which knows of the others: each has a buffer of its own, in which everything happens in the order in which that thread asked for it. */
final class TogetherSteps {
    private static final int MOST_THREADS = 4;
    private static final int MOST_DEEDS = 6;
    private static final int MOST_WORDS = 2_000;
    private static final int MOST_TURNS = 6;
    /** What a thread's dice are for its deeds: so many numbers for each. */
    private static final int DICE = 10;

    private final Workbench bench;
    private final Step step;
    private final Context context;
    private final LinkRuntime runtime;
    private final PpuModule module;

    TogetherSteps(Workbench bench, Step step, PpuModule module) {
        this.bench = bench;
        this.step = step;
        this.context = bench.context();
        this.runtime = context.ppu().link().runtime();
        this.module = module;
    }

    void perform() {
        if (step.below(30, 2) == 0) {
            try (Stream small = context.createStream(StreamOptions.defaults().withLog2Packets(2 + step.below(31, 3)))) {
                together(small);
            }
        } else {
            together(bench.stream(step));
        }
    }

    private void together(Stream stream) {
        AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
        List<LinkRuntime.Worker> workers = new ArrayList<>();
        for (int number = 2 + step.below(32, MOST_THREADS - 1); number > 0; number--) {
            Worker worker = new Worker(stream, number);
            workers.add(runtime.start("together-" + number, () -> {
                try {
                    worker.run();
                } catch (RuntimeException | Error e) {
                    first.accumulateAndGet(e, TogetherSteps::worse);
                }
            }));
        }
        for (LinkRuntime.Worker worker : workers) {
            worker.join(LinkRuntime.NEVER);
        }
        switch (first.get()) {
            case null -> bench.synchronize(stream);
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /** What a thread has seen that must not be is said before what it was told. */
    private static Throwable worse(@Nullable Throwable before, Throwable now) {
        return before == null || now instanceof Violation && !(before instanceof Violation) ? now : before;
    }

    /** One thread's work. */
    private final class Worker {
        private final Stream stream;
        private final int number;
        private final int[] words;

        Worker(Stream stream, int number) {
            this.stream = stream;
            this.number = number;
            this.words = new int[1 + dice(0, MOST_WORDS)];
        }

        private int dice(int which, int bound) {
            return step.below((100 + number) * DICE * DICE + which, bound);
        }

        void run() {
            try (DeviceBuffer buffer = context.allocate((long) words.length * Integer.BYTES);
                    PinnedBuffer gate = context.allocatePinned(Long.BYTES)) {
                stream.fill32(buffer, 0, number, words.length);
                Arrays.fill(words, number);
                for (int deed = 1; deed <= 1 + dice(1, MOST_DEEDS); deed++) {
                    perform(DICE * deed, buffer, gate, deed);
                }
                look(buffer);
            }
        }

        private void perform(int which, DeviceBuffer buffer, PinnedBuffer gate, int deed) {
            int count = 1 + dice(which, words.length);
            switch (dice(which + 1, 8)) {
                case 0 -> {
                    int value = dice(which + 2, Integer.MAX_VALUE);
                    stream.fill32(buffer, 0, value, count);
                    Arrays.fill(words, 0, count, value);
                }
                case 1, 2 -> {
                    int turns = 1 + dice(which + 2, MOST_TURNS);
                    stream.launch(module.kernel(StepKernel.NAME), Launch.linear(count, 64), buffer, count, turns);
                    Arrays.setAll(words, i -> i < count ? StepKernel.of(words[i], turns) : words[i]);
                }
                case 3 -> {
                    int[] numbers = new int[count];
                    Arrays.setAll(numbers, i -> dice(which + 2, Integer.MAX_VALUE) ^ i);
                    stream.copyToDevice(buffer, 0, MemorySegment.ofArray(numbers));
                    System.arraycopy(numbers, 0, words, 0, count);
                }
                case 4 -> look(buffer);
                case 5 -> {
                    stream.waitValue64(gate, 0, Compare.GREATER_OR_EQUAL, deed);
                    gate.segment().set(ValueLayout.JAVA_LONG, 0, deed);
                }
                case 6 -> {
                    try (Event event = context.createEvent()) {
                        stream.record(event);
                        event.synchronize();
                    }
                }
                default -> {
                    try (Stream.Batch _ = stream.batch()) {
                        for (int i = 1 + dice(which + 2, MOST_TURNS); i > 0; i--) {
                            stream.fill32(buffer, 0, i, count);
                            Arrays.fill(words, 0, count, i);
                        }
                    }
                }
            }
        }

        private void look(DeviceBuffer buffer) {
            MemorySegment back = MemorySegment.ofArray(new int[words.length]);
            stream.copyToHost(back, buffer, 0);
            Contents.compare(bench.rules(), "%s: %s, of thread %d".formatted(step, buffer, number), words, back);
        }
    }
}
