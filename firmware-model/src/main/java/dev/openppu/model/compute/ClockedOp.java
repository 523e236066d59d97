package dev.openppu.model.compute;

/** An operation that reads a clock or timer: they are read anew each time. */
final class ClockedOp extends LaneOp {
    private final LaneOp operation;

    ClockedOp(Decoded decoded, LaneOp operation) {
        super(decoded);
        this.operation = operation;
    }

    @Override
    void execute(Warp warp, int active) throws DeviceTrap {
        SpecialValues.refresh(warp);
        operation.execute(warp, active);
    }
}
