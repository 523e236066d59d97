package dev.openppu.model.command;

import java.util.function.IntConsumer;

/** What the firmware can have done to queues. */
public interface QueueStops {
    /** Stops every queue of a context and abandons its work in flight; {@code done} gets the number of queues that were enabled. */
    void stopContext(int context, IntConsumer done);

    /** The same for every queue. */
    void stopAll(IntConsumer done);
}
