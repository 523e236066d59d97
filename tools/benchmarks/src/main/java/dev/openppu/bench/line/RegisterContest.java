package dev.openppu.bench.line;

import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.twin.RegisterTwin;
import dev.openppu.twin.TwinLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A generated accessor on a mapped BAR, the device held in an object, beside an out-of-line readl and writel on a BAR held in a structure. */
final class RegisterContest implements Contest {
    static final long ACCESSES = 2_000_000;
    /** Accesses of one call, so that the JIT compiles it as it compiles a driver's methods, and not as a loop that was caught running. */
    private static final int RUN = 1_000;

    private final MappedMmio mmio;
    private final PpuBar0Regs device;
    private final RegisterTwin twin;
    private final long offset;
    private int sum;

    RegisterContest() {
        MemorySegment bar = Arena.global().allocate(PpuBar0Regs.SIZE, 4096);
        mmio = MappedMmio.permanent(bar);
        device = new PpuBar0Regs(mmio);
        twin = new RegisterTwin(bar);
        offset = device.memory().base() + MemoryRegs.ECC_CONTROL_OFFSET;
    }

    @Override
    public Round java() {
        long before = Allocation.bytes();
        long start = System.nanoTime();
        sum += reads();
        long middle = System.nanoTime();
        writes();
        long end = System.nanoTime();
        double bytes = (double) (Allocation.bytes() - before) / (2 * ACCESSES);
        return Round.of(bytes, (double) (middle - start) / ACCESSES, (double) (end - middle) / ACCESSES);
    }

    private int reads() {
        int read = 0;
        for (int i = 0; i < ACCESSES; i += RUN) {
            read += run();
        }
        return read;
    }

    private int run() {
        int read = 0;
        for (int i = 0; i < RUN; i++) {
            read += device.memory().readEccControl();
        }
        return read;
    }

    private void writes() {
        for (int i = 0; i < ACCESSES; i += RUN) {
            run(i);
        }
    }

    private void run(int first) {
        for (int i = 0; i < RUN; i++) {
            device.memory().writeEccControl(first + i);
        }
    }

    @Override
    public double[] c() {
        double reads = (double) twin.reads(offset, ACCESSES) / ACCESSES;
        sum += twin.sum();
        return new double[]{reads, (double) twin.writes(offset, ACCESSES) / ACCESSES};
    }

    @Override
    public boolean comparable() {
        return TwinLibrary.absence().isEmpty();
    }

    /** Uses what was read. */
    int sum() {
        return sum;
    }

    @Override
    public boolean busy() {
        return true;
    }

    @Override
    public void close() {
        mmio.retire();
    }
}
