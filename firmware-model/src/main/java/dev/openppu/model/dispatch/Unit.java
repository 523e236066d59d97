package dev.openppu.model.dispatch;

import dev.openppu.model.command.Turns;
import dev.openppu.model.compute.BlockExecution;
import dev.openppu.model.compute.ComputeClock;
import dev.openppu.model.compute.ComputeUnit;
import dev.openppu.model.compute.StepResult;
import dev.openppu.model.power.Activity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One compute unit: runs the blocks of one grid at a time, one after another, in slices. A warp instruction takes a cycle.
 *
 * <p>A slice runs on one thread; between slices the unit belongs to the dispatcher, which may put its block aside for one of a higher priority: the block's context is
 * kept with the unit, and goes on there.
 */
final class Unit implements ComputeClock {
    private static final int STEP_INSTRUCTIONS = 4096;
    private static final long NANOS_PER_MICRO = 1_000L;
    private static final int PATIENCE = 32;
    private static final int NOBODY = -1;

    private final int number;
    private final Activity activity;
    private final ComputeUnit identity;
    private final List<Saved> saved = new ArrayList<>();
    private final Turns turns = new Turns(PATIENCE);
    private int given = NOBODY;
    private boolean moving;
    private @Nullable Grid grid;
    private @Nullable BlockExecution block;
    private long cycles;
    private long sliceNanos;
    private long sliceCycles;
    private long reads;

    /**
     * What a slice did.
     *
     * @param instructions warp instructions
     * @param blocks that ended
     * @param fault of the block that failed, or null
     */
    record Slice(long instructions, int blocks, StepResult.@Nullable Faulted fault) {}

    /** A block that was put aside. */
    record Saved(Grid grid, BlockExecution block) {}

    Unit(int number, int units, Activity activity) {
        this.number = number;
        this.activity = activity;
        this.identity = new ComputeUnit(number, units, this);
    }

    int number() {
        return number;
    }

    /** It has no kernel to work on. */
    boolean free() {
        return grid == null && !moving;
    }

    /** A context is being written away or fetched: nothing runs. */
    void moving(boolean now) {
        moving = now;
    }

    @Nullable
    Grid grid() {
        return grid;
    }

    /** Whether a priority that has a block here goes on with it, though others wait; if not, the turn is given to one of them. */
    boolean keepsTurn(int priority, int waiting) {
        int level = turns.next(waiting | 1 << priority);
        given = level == priority ? NOBODY : level;
        return given == NOBODY;
    }

    /** The priority whose turn it is: the one that was given it, or the next. */
    int turnAmong(int waiting) {
        int level = given != NOBODY && (waiting >>> given & 1) != 0 ? given : turns.next(waiting);
        given = NOBODY;
        return level;
    }

    /** It is in the middle of a block. */
    boolean inBlock() {
        return block != null;
    }

    /** Warp instructions that its block has executed. */
    long blockInstructions() {
        return block == null ? 0 : block.executedInstructions();
    }

    void assign(Grid work) {
        take(work);
    }

    /** Puts the block aside; the unit is free then. */
    void save() {
        Grid of = grid;
        BlockExecution context = block;
        if (of == null || context == null) {
            throw new IllegalStateException("unit " + number + " has no block to put aside");
        }
        saved.add(new Saved(of, context));
        of.putAside(1);
        release();
    }

    /** Bit per priority of which a block is put aside here. */
    int savedLevels() {
        int levels = 0;
        for (Saved each : saved) {
            levels |= 1 << each.grid().priority();
        }
        return levels;
    }

    /** Takes up the block of this priority that was put aside first; null if there is none. */
    @Nullable
    Grid resume(int priority) {
        for (int i = 0; i < saved.size(); i++) {
            Saved each = saved.get(i);
            if (each.grid().priority() == priority) {
                saved.remove(i);
                take(each.grid());
                block = each.block();
                each.grid().putAside(-1);
                return each.grid();
            }
        }
        return null;
    }

    /** Forgets what was put aside of a grid. */
    void drop(Grid of) {
        if (saved.removeIf(each -> each.grid() == of)) {
            of.putAside(-1);
        }
    }

    private void take(Grid work) {
        grid = work;
        activity.units(1);
    }

    void release() {
        if (grid != null) {
            activity.units(-1);
        }
        grid = null;
        block = null;
    }

    /** A slice begins at this time. */
    void at(long nanos) {
        sliceNanos = nanos;
        sliceCycles = cycles;
    }

    /** Nanoseconds that so many warp instructions take. */
    long nanosFor(long instructions) {
        return instructions * NANOS_PER_MICRO / activity.megahertz();
    }

    /** Runs about {@code budget} warp instructions of the grid's blocks; outside the exclusion. */
    Slice run(Grid work, long budget) {
        long begun = cycles;
        int ended = 0;
        while (cycles - begun < budget && !work.stopped() && !(work.yields() && cycles > begun)) {
            BlockExecution current = block == null ? work.next(identity) : block;
            block = current;
            if (current == null) {
                break;
            }
            long before = current.executedInstructions();
            StepResult result = current.step(STEP_INSTRUCTIONS);
            cycles += Math.max(1, current.executedInstructions() - before);
            if (!(result instanceof StepResult.Running)) {
                block = null;
                ended++;
            }
            if (result instanceof StepResult.Faulted faulted) {
                return new Slice(cycles - begun, ended, faulted);
            }
        }
        return new Slice(cycles - begun, ended, null);
    }

    @Override
    public long cycles() {
        return cycles + ++reads;
    }

    @Override
    public long nanoseconds() {
        return sliceNanos + nanosFor(cycles - sliceCycles + ++reads);
    }
}
