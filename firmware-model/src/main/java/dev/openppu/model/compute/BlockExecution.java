package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.error.FaultMapping;
import org.jspecify.annotations.Nullable;

/**
 * One block of threads in execution: its warps, shared memory and barriers. Made by {@link KernelLaunch#block}; not thread-safe, but free to move between
 * threads from one step to the next.
 */
public final class BlockExecution {
    /** Instructions a warp executes before the next one has its turn. */
    private static final int TURN = 512;

    private final KernelLaunch launch;
    private final Dim3 position;
    private final ComputeUnit unit;
    private final Warp[] warps;
    private final Barriers barriers = new Barriers(this);
    private final GlobalMemory global;
    private final BlockMemory shared;
    private final BlockMemory local;
    private long executed;
    private int next;
    private @Nullable StepResult outcome;

    BlockExecution(KernelLaunch launch, Dim3 position, ComputeUnit unit) {
        this.launch = launch;
        this.position = position;
        this.unit = unit;
        this.global = new GlobalMemory(launch.memory());
        this.shared = BlockMemory.shared(launch.sharedBytes());
        this.local = BlockMemory.local(launch.localBytes() * launch.threads());
        this.warps = new Warp[launch.warps()];
        for (int i = 0; i < warps.length; i++) {
            warps[i] = launch.newWarp(this, i, position, unit);
        }
    }

    /** Where this block is in the grid. */
    public Dim3 position() {
        return position;
    }

    /** Warp instructions executed so far. */
    public long executedInstructions() {
        return executed;
    }

    /**
     * Goes on for about {@code instructions} warp instructions; after the end it answers the outcome again.
     *
     * @param instructions at least 1
     */
    public StepResult step(int instructions) {
        StepResult known = outcome;
        if (known != null) {
            return known;
        }
        StepResult result = advance(Math.max(1, instructions));
        if (!(result instanceof StepResult.Running)) {
            outcome = result;
        }
        return result;
    }

    private StepResult advance(int instructions) {
        int budget = instructions;
        int idle = 0;
        while (budget > 0) {
            Warp warp = warps[next];
            next = (next + 1) % warps.length;
            int done;
            try {
                done = warp.live == 0 ? 0 : warp.run(Math.min(TURN, budget));
            } catch (DeviceTrap trap) {
                return faulted(warp, trap);
            }
            budget -= done;
            executed += done;
            idle = done == 0 ? idle + 1 : 0;
            if (executed >= launch.watchdogInstructions()) {
                return faulted(warp, new DeviceTrap(FaultMapping.KERNEL_WATCHDOG, -1));
            }
            if (idle == warps.length) {
                return liveWarps() == 0 ? StepResult.FINISHED : stuck();
            }
        }
        return StepResult.RUNNING;
    }

    /** Every thread that is left waits for another one: the block would hang for good. */
    private StepResult stuck() {
        Warp warp = warps[Long.numberOfTrailingZeros(liveWarps())];
        return faulted(warp, new DeviceTrap(FaultMapping.KERNEL_WATCHDOG, -1));
    }

    private StepResult faulted(Warp warp, DeviceTrap trap) {
        int lane = trap.lane >= 0 ? trap.lane : warp.firstExecuting();
        Dim3 thread = launch.threadAt(warp.number * CodeLimits.WARP_SIZE + lane);
        long pc = launch.programCounter(warp.current());
        return new StepResult.Faulted(new DeviceFault(trap.cause, pc, position, thread, warp.number, lane, trap.address, trap.access));
    }

    /** Bit per warp that has threads left. */
    long liveWarps() {
        long live = 0;
        for (Warp warp : warps) {
            live |= warp.live != 0 ? 1L << warp.number : 0;
        }
        return live;
    }

    void lanesExited(Warp warp) {
        barriers.lanesExited(warp);
    }

    Warp[] warps() {
        return warps;
    }

    Barriers barriers() {
        return barriers;
    }

    GlobalMemory global() {
        return global;
    }

    BlockMemory shared() {
        return shared;
    }

    BlockMemory local() {
        return local;
    }

    KernelLaunch launch() {
        return launch;
    }

    ComputeUnit unit() {
        return unit;
    }
}
