package dev.openppu.driver.owner.hang;

import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueState;
import org.jspecify.annotations.Nullable;

/** What hang detection sees of the hardware queues. Used from one thread. */
public interface WatchedQueues {
    /** How many there are. */
    int size();

    /** What host memory says of a queue, without an access to the device; {@code null} if nobody holds it. */
    @Nullable
    Ring ring(int queue);

    /** What the registers say. */
    Look look(int queue);

    /** Rings its doorbell again, for the packet that the device takes next: a hint, in case that the last ring was lost. Nothing for queues whose doorbell must not go back. */
    void ringAgain(int queue);

    /**
     * A queue as its ring in host memory shows it.
     *
     * @param holding changes when the queue is opened again
     * @param taken packets that the device says it has taken
     * @param offered a packet stands where the device takes the next one
     */
    record Ring(long holding, long taken, boolean offered) {}

    /**
     * A queue as its registers show it.
     *
     * @param progress work done for it; stands still only if nothing moves
     */
    record Look(QueueState state, QueueHold hold, long progress) {
        /** It waits for memory that software writes: not the device's affair. */
        boolean waitsForSoftware() {
            return hold == QueueHold.VALUE || hold == QueueHold.DEPENDENCY;
        }

        /** Others have its engine. */
        boolean waitsForItsTurn() {
            return hold == QueueHold.ENGINE || hold == QueueHold.PREEMPTED;
        }

        boolean works() {
            return state == QueueState.RUNNING || state == QueueState.WAITING;
        }

        /** The device should go on with it: it works and waits for nothing of software's, or it has not noticed the packet that stands in the ring. */
        boolean owes(Ring ring) {
            return works() ? !waitsForSoftware() : state == QueueState.IDLE && ring.offered();
        }
    }
}
