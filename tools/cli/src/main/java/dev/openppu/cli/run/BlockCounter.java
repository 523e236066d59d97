package dev.openppu.cli.run;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.Ppu;

/** Counts the blocks that a device's compute engines have finished since this was made. Exact up to 2^32 blocks an engine. */
final class BlockCounter {
    private final PpuBar0Regs registers;
    private final int[] before = new int[PpuBar0Regs.ENGINE_COUNT];

    BlockCounter(Ppu ppu) {
        registers = new PpuBar0Regs(ppu.link().bar(PpuIds.BAR_REGISTERS));
        for (int engine = 0; engine < before.length; engine++) {
            before[engine] = registers.engine(engine).readBlocks();
        }
    }

    long finished() {
        long finished = 0;
        for (int engine = 0; engine < before.length; engine++) {
            finished += Integer.toUnsignedLong(registers.engine(engine).readBlocks() - before[engine]);
        }
        return finished;
    }
}
