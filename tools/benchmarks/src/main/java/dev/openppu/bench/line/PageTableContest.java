package dev.openppu.bench.line;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.driver.owner.DeviceMemoryManager;
import dev.openppu.driver.owner.DeviceMemoryPort;
import dev.openppu.driver.owner.PageTables;
import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.model.sim.FreeRunningWorld;
import dev.openppu.twin.PageTableTwin;
import dev.openppu.twin.TwinLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Page tables of 1 GiB in 4 KiB pages, from nothing; host copy and device memory written, nothing invalidated, no page touched. Microseconds. */
final class PageTableContest implements Contest {
    private static final long MEMORY_BYTES = 8 << 20;
    private static final long BYTES = 1L << 30;
    /** Not aligned to each other, so that no larger page fits. */
    private static final long ADDRESS = 1L << 40;
    private static final long TARGET = (1L << 33) + 0x1000;
    private static final long FLAGS = PageTableEntry.READ | PageTableEntry.WRITE;
    private static final int MAPPINGS = 3;

    private final Arena arena = Arena.ofShared();
    private final FreeRunningWorld world = new FreeRunningWorld(1);
    private final MemorySegment memory = arena.allocate(MEMORY_BYTES, 4096);
    private final DeviceMemoryPort port;

    PageTableContest() {
        port = new DeviceMemoryPort(world.runtime(), new MappedMmio(memory),
                new MemoryRegs(new MappedMmio(arena.allocate(MemoryRegs.SIZE + 8, 8)), 0), MEMORY_BYTES);
    }

    @Override
    public Round java() {
        long before = Allocation.bytes();
        long nanos = 0;
        for (int i = 0; i < MAPPINGS; i++) {
            DeviceMemoryManager manager = new DeviceMemoryManager("benchmark", MEMORY_BYTES);
            long start = System.nanoTime();
            PageTables tables = new PageTables(port, manager, "benchmark");
            tables.map(ADDRESS, TARGET, BYTES, FLAGS);
            nanos += System.nanoTime() - start;
            tables.close();
        }
        return Round.of((double) (Allocation.bytes() - before) / MAPPINGS, 1e-3 * nanos / MAPPINGS);
    }

    @Override
    public double[] c() {
        long nanos = 0;
        for (int i = 0; i < MAPPINGS; i++) {
            nanos += PageTableTwin.map(memory, ADDRESS, TARGET, BYTES, FLAGS);
        }
        return new double[]{1e-3 * nanos / MAPPINGS};
    }

    /** Device memory with the tables of whoever was last. */
    MemorySegment memory() {
        return memory;
    }

    @Override
    public boolean comparable() {
        return TwinLibrary.absence().isEmpty();
    }

    @Override
    public boolean busy() {
        return true;
    }

    @Override
    public void close() {
        world.close();
        arena.close();
    }
}
