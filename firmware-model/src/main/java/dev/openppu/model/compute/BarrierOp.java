package dev.openppu.model.compute;

import dev.openppu.abi.code.BarrierOperation;
import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.error.FaultMapping;

/** bar: the block's threads meet, and may reduce a predicate. */
final class BarrierOp extends ControlOp {
    private final BarrierOperation operation;
    private final boolean aligned;
    private final boolean counted;
    private final int barrier;
    private final int count;
    private final int result;
    private final int resultPredicate;
    private final int vote;
    private final int voteInversion;

    BarrierOp(Decoded decoded) throws InvalidCode {
        super(decoded);
        Instruction instruction = decoded.instruction();
        operation = Decoded.valid(BarrierOperation.of(instruction.variant() & 7));
        aligned = instruction.hasVariant(Instruction.VARIANT_ALIGNED);
        counted = instruction.hasVariant(Instruction.VARIANT_COUNTED);
        barrier = decoded.source(Operand.A, 1);
        count = counted ? decoded.source(Operand.B, 1) : barrier;
        boolean reduces = operation.code() >= BarrierOperation.RED_POPC.code();
        result = operation == BarrierOperation.RED_POPC ? decoded.destination(1) : -1;
        resultPredicate = reduces && operation != BarrierOperation.RED_POPC ? decoded.resultPredicate(Operand.P) : Warp.SINK_PREDICATE;
        vote = reduces ? decoded.sourcePredicate(Operand.S) : Instruction.TRUE_PREDICATE;
        voteInversion = instruction.sourcePredicateNegated() ? -1 : 0;
    }

    boolean arrivesOnly() {
        return operation == BarrierOperation.ARRIVE;
    }

    @Override
    void execute(Warp warp, int path, int active) throws DeviceTrap {
        Paths paths = warp.paths;
        int next = paths.pc(path) + 1;
        if (active == 0) {
            paths.moveTo(path, next);
            return;
        }
        if (aligned && active != warp.live) {
            throw new DeviceTrap(FaultMapping.KERNEL_INVALID_CANDIDATE_MASK, -1);
        }
        paths.split(path, paths.lanes(path) & ~active, next);
        int number = uniform(warp, barrier, active);
        int threads = counted ? uniform(warp, count, active) : Barriers.ALL_THREADS;
        check(warp, number, threads);
        warp.block.barriers().arrive(warp, path, number, threads, operation, warp.predicates[vote] ^ voteInversion);
    }

    private void check(Warp warp, int number, int threads) throws DeviceTrap {
        boolean countIsRight = threads > 0 && threads % CodeLimits.WARP_SIZE == 0
                && threads <= warp.block.launch().warps() * CodeLimits.WARP_SIZE;
        boolean right = number >= 0 && number < CodeLimits.BARRIERS && (counted ? countIsRight : operation != BarrierOperation.ARRIVE);
        if (!right) {
            throw new DeviceTrap(FaultMapping.KERNEL_INVALID_BARRIER, -1);
        }
    }

    /** An operand that must be the same in all lanes. */
    private static int uniform(Warp warp, int row, int active) throws DeviceTrap {
        int value = warp.registers[row + Integer.numberOfTrailingZeros(active)];
        for (int rest = active; rest != 0; rest &= rest - 1) {
            int lane = Integer.numberOfTrailingZeros(rest);
            if (warp.registers[row + lane] != value) {
                throw new DeviceTrap(FaultMapping.KERNEL_INVALID_BARRIER, lane);
            }
        }
        return value;
    }

    /** The barrier is complete: gives lanes that wait at it the result of the reduction. */
    void finish(Warp warp, int lanes, int population, boolean all, boolean any) {
        switch (operation) {
            case RED_POPC -> {
                for (int rest = lanes; rest != 0; rest &= rest - 1) {
                    warp.registers[result + Integer.numberOfTrailingZeros(rest)] = population;
                }
            }
            case RED_AND -> warp.setPredicate(resultPredicate, lanes, all ? -1 : 0);
            case RED_OR -> warp.setPredicate(resultPredicate, lanes, any ? -1 : 0);
            case SYNC, ARRIVE -> {
                // Nothing but to go on.
            }
        }
    }
}
