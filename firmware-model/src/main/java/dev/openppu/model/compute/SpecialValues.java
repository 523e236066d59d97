package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.SpecialRegister;

/** Fills the rows of special registers. */
final class SpecialValues {
    private static final int LANES = CodeLimits.WARP_SIZE;

    private SpecialValues() {}

    static void fill(int[] registers, RegisterRows.Special special, KernelLaunch launch, Dim3 position, ComputeUnit unit, int warp) {
        for (int lane = 0; lane < LANES; lane++) {
            long value = value(special.register(), launch, position, unit, warp, lane);
            registers[special.row() + lane] = (int) value;
            registers[special.row() + LANES + lane] = (int) (value >>> 32);
        }
    }

    /** Reads the clocks again, for all lanes at once. */
    static void refresh(Warp warp) {
        BlockExecution block = warp.block;
        for (RegisterRows.Special special : block.launch().rows().specials()) {
            if (special.register().changesWithTime()) {
                RegisterRows.fill(warp.registers, special.row(), time(special.register(), block.unit().clock()));
            }
        }
    }

    private static long value(SpecialRegister register, KernelLaunch launch, Dim3 position, ComputeUnit unit, int warp, int lane) {
        Dim3 thread = launch.threadAt(warp * LANES + lane);
        Dim3 block = launch.request().block();
        Dim3 grid = launch.request().grid();
        int bit = 1 << lane;
        return switch (register) {
            case TID_X -> thread.x();
            case TID_Y -> thread.y();
            case TID_Z -> thread.z();
            case NTID_X -> block.x();
            case NTID_Y -> block.y();
            case NTID_Z -> block.z();
            case BLKID_X -> position.x();
            case BLKID_Y -> position.y();
            case BLKID_Z -> position.z();
            case NBLKID_X -> grid.x();
            case NBLKID_Y -> grid.y();
            case NBLKID_Z -> grid.z();
            case TID_W, NTID_W, BLKID_W, NBLKID_W -> 0;
            case LANEID -> lane;
            case WARPID -> warp;
            case NWARPID -> launch.warps();
            case CUID -> unit.id();
            case NCUID -> unit.idLimit();
            case GRIDID -> launch.request().gridId();
            case LANEMASK_EQ -> Integer.toUnsignedLong(bit);
            case LANEMASK_LT -> bit - 1;
            case LANEMASK_LE -> Integer.toUnsignedLong(bit | bit - 1);
            case LANEMASK_GE -> Integer.toUnsignedLong(~(bit - 1));
            case LANEMASK_GT -> Integer.toUnsignedLong(~(bit | bit - 1));
            case CLOCK, CLOCK_HI, CLOCK64, GLOBALTIMER, GLOBALTIMER_LO, GLOBALTIMER_HI -> time(register, unit.clock());
        };
    }

    private static long time(SpecialRegister register, ComputeClock clock) {
        return switch (register) {
            case CLOCK -> clock.cycles() & 0xFFFF_FFFFL;
            case CLOCK_HI -> clock.cycles() >>> 32;
            case CLOCK64 -> clock.cycles();
            case GLOBALTIMER_LO -> clock.nanoseconds() & 0xFFFF_FFFFL;
            case GLOBALTIMER_HI -> clock.nanoseconds() >>> 32;
            default -> clock.nanoseconds();
        };
    }
}
