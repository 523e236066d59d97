package dev.openppu.bench.line;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.Cpus;
import dev.openppu.bench.host.ServedPpu;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.twin.CpuAffinity.Pin;
import dev.openppu.twin.Histogram;
import dev.openppu.twin.LinkTwin;
import dev.openppu.twin.RegisterTwin;
import dev.openppu.twin.TwinLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A register behind a vfio-user link, whose read is a message and its answer, in microseconds, median; and a word of a mapped BAR, in nanoseconds. */
final class LinkContest implements Contest {
    private static final int ROUND_TRIPS = 2_000;
    private static final int LOADS = 2_000_000;
    /** Accesses of one call, so that the JIT compiles it as it compiles a driver's methods. */
    private static final int RUN = 1_000;

    private final Cpus cpus = Cpus.ofProcess();
    private final Histogram histogram = new Histogram();
    private final ServedPpu served = new ServedPpu();
    private final DeviceLink link = served.open("");
    private final PpuBar0Regs registers;
    /** The same accessors over BAR2: which word they load does not matter. */
    private final PpuBar0Regs memory;
    private final MemorySegment plain = Arena.ofAuto().allocate(4096, 4096);
    private int sum;

    LinkContest() {
        link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
        registers = new PpuBar0Regs(link.bar(PpuIds.BAR_REGISTERS));
        memory = new PpuBar0Regs(link.bar(PpuIds.BAR_MEMORY_WINDOW));
    }

    @Override
    public Round java() {
        histogram.clear();
        long before = Allocation.bytes();
        try (Pin _ = cpus.pinHost()) {
            for (int i = 0; i < ROUND_TRIPS; i++) {
                long start = System.nanoTime();
                sum += registers.id().readMagic();
                histogram.record(System.nanoTime() - start);
            }
        }
        double bytes = (double) (Allocation.bytes() - before) / ROUND_TRIPS;
        return Round.of(bytes, 1e-3 * histogram.percentile(50), loads());
    }

    private double loads() {
        long start = System.nanoTime();
        for (int i = 0; i < LOADS; i += RUN) {
            sum += run(memory);
        }
        return (double) (System.nanoTime() - start) / LOADS;
    }

    private static int run(PpuBar0Regs window) {
        int read = 0;
        for (int i = 0; i < RUN; i++) {
            read += window.id().readMagic();
        }
        return read;
    }

    @Override
    public double[] c() {
        histogram.clear();
        try (Pin _ = cpus.pinHost()) {
            LinkTwin.reads(-1, ROUND_TRIPS, histogram); // where the kernel likes, as the threads of Java's server
        }
        RegisterTwin twin = new RegisterTwin(plain);
        return new double[]{1e-3 * histogram.percentile(50), (double) twin.reads(IdRegs.MAGIC_OFFSET, LOADS) / LOADS};
    }

    /** Uses what was read. */
    int sum() {
        return sum;
    }

    @Override
    public boolean comparable() {
        return TwinLibrary.absence().isEmpty();
    }

    @Override
    public void close() {
        link.close();
        served.close();
    }
}
