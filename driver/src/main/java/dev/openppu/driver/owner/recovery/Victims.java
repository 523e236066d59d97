package dev.openppu.driver.owner.recovery;

import dev.openppu.driver.Failure;
import dev.openppu.driver.LossRole;
import java.util.OptionalInt;

/** Who loses work by a recovery. */
public interface Victims {
    /** The context that holds a queue; empty if nobody does any more. */
    OptionalInt contextOf(int queue);

    /** Marks a context lost and ends its waits; {@code false} if it was lost before. */
    boolean lose(int context, LossRole role, Failure why);

    /**
     * Has the firmware begin to stop everything that a context still runs, all of its queues at once, and waits a moment for it; {@code true} if it has ended by then. Throws nothing: who resets what hangs hears of the
     * firmware afterwards.
     */
    boolean beginKill(int context);

    /** Has the firmware stop everything that a context still runs; {@code false} if it lives and did not come to that in time. */
    boolean kill(int context);
}
