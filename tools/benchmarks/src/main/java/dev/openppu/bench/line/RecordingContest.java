package dev.openppu.bench.line;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.code.CodeObject;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.OpenPpu;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Kernel;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import dev.openppu.driver.tix.TixAssembler;
import dev.openppu.driver.tix.TixException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The same work on a model that is recorded and on one that is not: register reads, copies that are waited for, small kernels that are waited for; microseconds each. */
final class RecordingContest implements Contest {
    private static final int READS = 2_000;
    private static final int COPIES = 16;
    private static final int COPY_BYTES = 1 << 20;
    private static final int LAUNCHES = 50;
    private static final String KERNEL = """
            .target ppu_10;
            .entry nothing()
            {
                ppu.exit;
            }
            """;

    private final Path file = temporaryFile();
    private final Side recorded;
    private final Side plain;

    /** @param content {@code whole} or {@code hash} */
    RecordingContest(String content) {
        recorded = new Side(OpenPpu.recorded(OpenPpu.FREE_RUNNING, file, content));
        plain = new Side(OpenPpu.at(OpenPpu.FREE_RUNNING));
    }

    private static Path temporaryFile() {
        try {
            return Files.createTempFile("openppu-bench", ".rec");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary file for the recording: " + e.getMessage(), e);
        }
    }

    /** A device at work. */
    private static final class Side implements AutoCloseable {
        private final Ppu ppu;
        private final PpuBar0Regs registers;
        private final Context context;
        private final Stream stream;
        private final PinnedBuffer host;
        private final DeviceBuffer device;
        private final Kernel kernel;
        private long sum;

        Side(Ppu ppu) {
            this.ppu = ppu;
            registers = new PpuBar0Regs(ppu.link().bar(PpuIds.BAR_REGISTERS));
            context = ppu.createContext();
            stream = context.createStream();
            host = context.allocatePinned(COPY_BYTES);
            device = context.allocate(COPY_BYTES);
            kernel = context.loadModule(code()).kernel("nothing");
        }

        private static CodeObject code() {
            try {
                return TixAssembler.assemble("nothing.tix", KERNEL);
            } catch (TixException e) {
                throw new IllegalStateException("a kernel that does nothing is not assembled", e);
            }
        }

        /** Microseconds of a read, a copy there and back, a launch. */
        double[] work() {
            long start = System.nanoTime();
            for (int i = 0; i < READS; i++) {
                sum += registers.id().readMagic();
            }
            long read = System.nanoTime();
            for (int i = 0; i < COPIES; i += 2) {
                context.copy(device, 0, host, 0, COPY_BYTES);
                context.copy(host, 0, device, 0, COPY_BYTES);
            }
            long copied = System.nanoTime();
            for (int i = 0; i < LAUNCHES; i++) {
                stream.launch(kernel, Launch.of(Extent.of(1), Extent.of(1)));
                stream.synchronize();
            }
            long launched = System.nanoTime();
            return new double[]{1e-3 * (read - start) / READS, 1e-3 * (copied - read) / COPIES, 1e-3 * (launched - copied) / LAUNCHES};
        }

        @Override
        public void close() {
            ppu.close();
            if (sum == 0) {
                throw new IllegalStateException("the registers were not read");
            }
        }
    }

    @Override
    public Round java() {
        long before = Allocation.bytes();
        double[] micros = recorded.work();
        return Round.of((double) (Allocation.bytes() - before) / (READS + COPIES + LAUNCHES), micros);
    }

    /** Java's, too, but not recorded. */
    @Override
    public double[] c() {
        return plain.work();
    }

    @Override
    public boolean comparable() {
        return true;
    }

    @Override
    public void close() {
        recorded.close();
        plain.close();
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the recording stays: " + file, e);
        }
    }
}
