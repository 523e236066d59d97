package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.error.FaultMapping;

/**
 * 32 lanes with their registers, and the paths on which they are.
 *
 * <p>A path is a program counter and the lanes that are at it. A warp begins with one; a divergent branch splits a path, and paths that meet at the same
 * instruction become one again. Of several paths that can go on, the one with the lowest program counter does: so lanes that are behind catch up, and lanes
 * that left a loop or took the short side wait where the others will come by. Since a lane may spin until another one does something further down, a path
 * that has been passed over for long gets its turn ({@link #FAIRNESS_SLICES}). Not thread-safe.
 */
final class Warp {
    /** Predicate that is written when the result is thrown away. */
    static final int SINK_PREDICATE = Instruction.TRUE_PREDICATE + 1;

    private static final int LANES = CodeLimits.WARP_SIZE;
    /** Instructions that one of several paths may execute at a stretch. */
    private static final int SLICE = 256;
    /** Slices after which the paths with higher program counters get one. */
    private static final int FAIRNESS_SLICES = 16;

    final BlockExecution block;
    final int number;
    final int[] registers;
    final int[] scratch = new int[4 * LANES];
    final int[] predicates = new int[SINK_PREDICATE + 1];
    final long[] addresses = new long[LANES];
    final Paths paths = new Paths();
    /** Lanes whose last carry-producing operation carried. */
    int carry;
    /** Lanes that have not exited. */
    int live;

    private final Op[] program;
    private int slices;
    private int current;
    private int executing;

    Warp(BlockExecution block, int number, int lanes, Op[] program, int[] registers, int entry) {
        this.block = block;
        this.number = number;
        this.program = program;
        this.registers = registers;
        live = lanes;
        predicates[Instruction.TRUE_PREDICATE] = -1;
        paths.start(entry, lanes);
    }

    /**
     * Goes on until it has executed {@code budget} instructions, or waits, or has ended.
     *
     * @return the number of instructions executed
     */
    int run(int budget) throws DeviceTrap {
        int executed = 0;
        while (executed < budget) {
            int path = pick();
            if (path < 0) {
                break;
            }
            int slice = paths.count() == 1 ? budget - executed : Math.min(SLICE, budget - executed);
            executed += follow(path, slice);
        }
        return executed;
    }

    /** Index of the path that goes on, or -1. */
    private int pick() {
        if (paths.count() <= 1) {
            return paths.count() == 1 && paths.isReady(0) ? 0 : -1;
        }
        paths.mergeReady();
        slices++;
        if (slices % FAIRNESS_SLICES == 0) {
            return paths.readyAfter(slices / FAIRNESS_SLICES);
        }
        return paths.lowestReady();
    }

    private int follow(int path, int budget) throws DeviceTrap {
        int pc = paths.pc(path);
        int lanes = paths.lanes(path);
        int meeting = paths.nextReadyAfter(pc);
        int executed = 0;
        while (executed < budget && (pc != meeting || executed == 0)) {
            current = pc;
            if (pc < 0 || pc >= program.length) {
                throw new DeviceTrap(FaultMapping.KERNEL_NO_EXECUTE_RIGHT, -1);
            }
            Op op = program[pc];
            int active = op.active(this, lanes);
            executing = active != 0 ? active : lanes;
            executed++;
            if (op instanceof LaneOp operation) {
                if (active != 0) {
                    operation.execute(this, active);
                }
                pc++;
            } else {
                paths.moveTo(path, pc);
                ((ControlOp) op).execute(this, path, active);
                if (paths.count() != 1 || !paths.isReady(0)) {
                    return executed;
                }
                path = 0;
                pc = paths.pc(0);
                lanes = paths.lanes(0);
                meeting = -1;
            }
        }
        paths.moveTo(path, pc);
        return executed;
    }

    /** Index of the instruction executed last. */
    int current() {
        return current;
    }

    /** First lane of those that executed last. */
    int firstExecuting() {
        return Integer.numberOfTrailingZeros(executing);
    }

    /** Copies lanes in {@code active} of results from the scratch rows to the registers. */
    void commit(int row, int rows, int active) {
        for (int offset = 0; offset < rows * LANES; offset += LANES) {
            for (int rest = active; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                registers[row + offset + lane] = scratch[offset + lane];
            }
        }
    }

    /** Sets a predicate in the lanes of {@code active} to the bits of {@code value}. */
    void setPredicate(int predicate, int active, int value) {
        predicates[predicate] = predicates[predicate] & ~active | value & active;
    }

    /** The value of a 64-bit operand in a lane. */
    long wide(int row, int lane) {
        return registers[row + lane] & 0xFFFF_FFFFL | (long) registers[row + LANES + lane] << 32;
    }

    /** The barrier instruction at which a path waits. */
    BarrierOp barrierAt(int path) {
        return (BarrierOp) program[paths.pc(path)];
    }

    /** True when lanes at these two instructions can meet: it is the same one, or both only meet. */
    boolean meetsAt(int one, int other) {
        return one == other || program[one] instanceof WarpOps.Meet && program[other] instanceof WarpOps.Meet;
    }

    /** Lanes have ended. */
    void exit(int path, int lanes) {
        live &= ~lanes;
        paths.drop(path, lanes);
        paths.wakeSync();
        block.lanesExited(this);
    }
}
