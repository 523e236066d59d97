package dev.openppu.model.compute;

/** How a slice of a block's execution ended. */
public sealed interface StepResult {
    /** There is more to do. */
    record Running() implements StepResult {}

    /** Every thread has exited. */
    record Finished() implements StepResult {}

    /** A thread raised a device exception, or the watchdog ran out; the block does not go on. */
    record Faulted(DeviceFault fault) implements StepResult {}

    StepResult RUNNING = new Running();
    StepResult FINISHED = new Finished();
}
