package dev.openppu.model.device;

import dev.openppu.model.command.QueueStops;
import java.util.function.IntConsumer;

/** A device without queues: stopping them is done at once. */
final class NoQueues implements QueueStops {
    @Override
    public void stopContext(int context, IntConsumer done) {
        done.accept(0);
    }

    @Override
    public void stopAll(IntConsumer done) {
        done.accept(0);
    }
}
