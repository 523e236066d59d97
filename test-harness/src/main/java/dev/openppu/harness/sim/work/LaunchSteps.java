package dev.openppu.harness.sim.work;

import dev.openppu.driver.Launch;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Launches of one to three dimensions of grid and block each, several at once, with small and large blocks of parameters; and kernels that store bytes and halves of words, to the device's memory and to the host's. */
final class LaunchSteps {
    private static final int MOST_LAUNCHES = 8;
    private static final int MOST_STORES = 60;

    private final Workbench bench;
    private final PpuModule module;

    LaunchSteps(Workbench bench) {
        this.bench = bench;
        this.module = bench.context().loadModule(LaunchKernels.CODE);
    }

    void perform(Step step) {
        Stream stream = bench.stream(step);
        if (step.below(50, 2) == 0) {
            bench.delay(step, stream);
        }
        switch (step.kind()) {
            case LAUNCH_SHAPED -> shaped(step, stream);
            case LAUNCH_NARROW -> narrow(step, stream);
            default -> throw new IllegalArgumentException(step + " launches nothing");
        }
    }

    /** No launch waits for the one before it on the host's side: their parameters are there at the same time. */
    private void shaped(Step step, Stream stream) {
        Contents contents = bench.buffer(step);
        bench.order(contents, stream, step);
        boolean large = step.below(51, 3) != 0;
        MemorySegment padding = MemorySegment.ofArray(new byte[LaunchKernels.PADDING]).fill((byte) step.number());
        for (int launch = 1 + step.below(52, MOST_LAUNCHES); launch > 0; launch--) {
            Extent block = extent(step, 60 + 10 * launch, 6, 3);
            Extent grid = extent(step, 65 + 10 * launch, 3, 2);
            int threads = block.x() * block.y() * block.z() * grid.x() * grid.y() * grid.z();
            int count = Math.min(threads, contents.length());
            int factor = 1 + 2 * step.below(53, 1000);
            int summand = step.below(54, 1 << 16) + launch;
            if (large) {
                stream.launch(module.kernel(LaunchKernels.MANY), Launch.of(grid, block), factor, padding, contents.buffer(), count,
                        summand);
            } else {
                stream.launch(module.kernel(LaunchKernels.FEW), Launch.of(grid, block), factor, contents.buffer(), count, summand);
            }
            for (int i = 0; i < count; i++) {
                contents.words()[i] = contents.words()[i] * factor + summand;
            }
        }
    }

    /** Each dimension is used or not, whichever others are. */
    private static Extent extent(Step step, int which, int mostX, int mostOther) {
        int used = step.below(which, 8);
        return Extent.of((used & 1) == 0 ? 1 : 1 + step.below(which + 1, mostX), (used & 2) == 0 ? 1 : 1 + step.below(which + 2, mostOther),
                (used & 4) == 0 ? 1 : 1 + step.below(which + 3, mostOther));
    }

    /** What lies between the stores stays. */
    private void narrow(Step step, Stream stream) {
        if (step.below(51, 2) == 0) {
            bench.writePinned(step, stream, (wanted, address) -> store(step, stream, address, wanted));
        } else {
            Contents contents = bench.buffer(step);
            bench.order(contents, stream, step);
            store(step, stream, contents.buffer().address(), contents.memory());
        }
    }

    private void store(Step step, Stream stream, long address, MemorySegment wanted) {
        int bytes = 1 + step.below(52, Short.BYTES);
        int stride = bytes * (1 + step.below(53, 5));
        int value = step.below(54, 1 << 16);
        int count = (int) Math.min(1 + step.below(55, MOST_STORES), (wanted.byteSize() - bytes) / stride + 1);
        stream.launch(module.kernel(bytes == 1 ? LaunchKernels.BYTES : LaunchKernels.HALVES), Launch.of(Extent.of(1), Extent.of(count)),
                address,
                stride, value);
        for (int i = 0; i < count; i++) {
            long at = (long) i * stride;
            if (bytes == 1) {
                wanted.set(ValueLayout.JAVA_BYTE, at, (byte) (value + i));
            } else {
                wanted.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (value + i));
            }
        }
    }
}
