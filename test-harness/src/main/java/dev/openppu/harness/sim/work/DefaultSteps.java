package dev.openppu.harness.sim.work;

import dev.openppu.driver.Context;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Work on the default streams of a context. What goes from the legacy one to a blocking stream, or back, is held behind nothing: that it comes in order is the driver's to see to. */
final class DefaultSteps {
    private final Workbench bench;
    private final Context context;
    private final List<Stream> used = new ArrayList<>(2);

    DefaultSteps(Workbench bench) {
        this.bench = bench;
        this.context = bench.context();
    }

    /** Whether the driver has to keep the order of what is submitted to one after the other. */
    static boolean ordered(Stream first, Stream second) {
        return first.context() == second.context()
                && (legacy(first) && !second.nonBlocking() || legacy(second) && !first.nonBlocking());
    }

    private static boolean legacy(Stream stream) {
        return stream.handle() == Stream.LEGACY_HANDLE;
    }

    /** Default streams that this has worked on. */
    List<Stream> used() {
        return used;
    }

    void perform(Step step) {
        switch (step.kind()) {
            case LEGACY -> {
                Stream legacy = known(context.defaultStream());
                if (step.below(21, 2) == 0) {
                    ofContext(step, legacy);
                } else {
                    bench.work(step, legacy);
                }
            }
            case PER_THREAD -> bench.work(step, known(context.perThreadDefaultStream()));
            default -> throw new IllegalArgumentException(step + " is not about default streams");
        }
    }

    private Stream known(Stream stream) {
        if (!used.contains(stream)) {
            used.add(stream);
        }
        return stream;
    }

    /** Calls of the context itself, which are for its legacy default stream; whole buffers. */
    private void ofContext(Step step, Stream legacy) {
        Contents contents = bench.buffer(step);
        int kind = step.below(22, 9);
        if (kind == 2 && bench.otherBuffer(step) == contents) {
            return;
        }
        bench.order(contents, legacy, step);
        int value = step.below(2, 1 << 16);
        switch (kind) {
            case 0 -> {
                int[] numbers = new int[contents.length()];
                Arrays.fill(numbers, value);
                context.copyToDevice(contents.buffer(), 0, MemorySegment.ofArray(numbers));
                Arrays.fill(contents.words(), value);
            }
            case 1 -> {
                MemorySegment back = MemorySegment.ofArray(new int[contents.length()]);
                context.copyToHost(back, contents.buffer(), 0);
                Contents.compare(bench.rules(), step + " of " + contents.buffer(), contents.words(), back);
            }
            case 2 -> {
                Contents to = bench.otherBuffer(step);
                bench.order(to, legacy, step);
                long bytes = Math.min(contents.bytes(), to.bytes());
                context.copy(to.buffer(), 0, contents.buffer(), 0, bytes);
                to.memory().asSlice(0, bytes).copyFrom(contents.memory().asSlice(0, bytes));
            }
            case 3 -> {
                context.fill8(contents.buffer(), 0, (byte) value, contents.bytes());
                contents.memory().fill((byte) value);
            }
            case 4 -> {
                context.fill16(contents.buffer(), 0, (short) value, contents.bytes() / Short.BYTES);
                Arrays.fill(contents.words(), value | value << Short.SIZE);
            }
            case 5 -> {
                context.fill32(contents.buffer(), 0, value, contents.length());
                Arrays.fill(contents.words(), value);
            }
            default -> onHost(step, kind, contents, value);
        }
    }

    /** Where host memory takes part everything is over when the call returns: nobody waits here. */
    private void onHost(Step step, int kind, Contents contents, int value) {
        int length = contents.length();
        try (PinnedBuffer host = context.allocatePinned(contents.bytes())) {
            int[] wanted = new int[length];
            switch (kind) {
                case 6 -> {
                    Arrays.fill(wanted, value);
                    context.fill32(host, 0, value, length);
                }
                case 7 -> {
                    Arrays.setAll(wanted, i -> value + i);
                    context.copyToDevice(host, 0, MemorySegment.ofArray(wanted));
                }
                default -> {
                    System.arraycopy(contents.words(), 0, wanted, 0, length);
                    context.copy(host, 0, contents.buffer(), 0, contents.bytes());
                }
            }
            Contents.compare(bench.rules(), step + " to host memory, looked at when the call had returned", wanted, host.segment());
        }
    }
}
