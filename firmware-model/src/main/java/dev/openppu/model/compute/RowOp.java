package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.Instruction.Operand;

/**
 * A common operation with a loop of its own over all 32 lanes. It computes every lane, active or not, since that is cheaper than asking: straight into the
 * registers when all are active, else into scratch rows from which the active lanes are taken. The order within a lane is read, then write, so a result may
 * be one of its own operands.
 */
abstract class RowOp extends LaneOp {
    static final int LANES = CodeLimits.WARP_SIZE;

    final int a;
    final int b;
    final int c;
    private final int result;
    private final int resultRows;

    /** The rows are registers of the result, a, b and c; 0 for an operand that is not there. */
    RowOp(Decoded decoded, int resultRows, int rowsA, int rowsB, int rowsC) throws InvalidCode {
        super(decoded);
        this.resultRows = resultRows;
        result = decoded.destination(resultRows);
        a = decoded.source(Operand.A, rowsA);
        b = rowsB == 0 ? a : decoded.source(Operand.B, rowsB);
        c = rowsC == 0 ? a : decoded.source(Operand.C, rowsC);
    }

    @Override
    final void execute(Warp warp, int active) {
        if (active == -1) {
            compute(warp.registers, warp.registers, result);
        } else {
            compute(warp.registers, warp.scratch, 0);
            warp.commit(result, resultRows, active);
        }
    }

    /** Computes all lanes of the result into {@code out} from index {@code d}. */
    abstract void compute(int[] r, int[] out, int d);
}
