package dev.openppu.model.firmware;

import dev.openppu.model.firmware.board.Board;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Has queues stopped, one request at a time. */
final class QueueStopper {
    private final Board board;
    private @Nullable LongConsumer whenStopped;

    QueueStopper(Board board) {
        this.board = board;
    }

    boolean busy() {
        return whenStopped != null;
    }

    /** @param then gets the number of queues that were enabled */
    void stopContext(int context, LongConsumer then) {
        whenStopped = then;
        board.stopContext(context);
    }

    void stopAll(LongConsumer then) {
        whenStopped = then;
        board.stopAll();
    }

    /** The board's STOPPED line. */
    void stopped() {
        LongConsumer then = whenStopped;
        whenStopped = null;
        if (then != null) {
            then.accept(board.stoppedQueues());
        }
    }
}
