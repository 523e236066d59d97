package dev.openppu.driver.owner.hang;

import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueState;
import org.jspecify.annotations.Nullable;

/** What hang detection sees of the hardware queues. Used from one thread. */
public interface WatchedQueues {
    /** How many there are. */
    int size();

    /** What host memory says of a queue, without an access to the device; {@code null} if nobody holds it, or its work was given up. */
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
     * @param looks how often the device has looked at what the queue waits for; 0 if it does not count
     * @param missing packets that the device has taken and the client was not told to have completed, {@link #TOLD_OF_FAILURE}, or {@link #UNKNOWN}
     */
    record Look(QueueState state, QueueHold hold, long progress, long looks, long missing) {
        /** Nobody can tell what is missing. */
        public static final long UNKNOWN = Long.MIN_VALUE;
        /** The client was told that a packet has failed: of a queue that has not, the count was written wrong, and what waits for it waits for ever. */
        public static final long TOLD_OF_FAILURE = UNKNOWN + 1;

        /** It waits for memory that software writes; all that the device owes it then is to look there now and then. */
        boolean waitsForSoftware() {
            return (hold == QueueHold.VALUE || hold == QueueHold.DEPENDENCY) && missing <= 1 && !overcounted();
        }

        /**
         * The client was told of a failure that there was not, or of more completions than there were, that of the very packet that the queue is at among them: a signal was counted down twice. Software that is told too early takes back what nobody
         * needs any more: what this queue or another one waits for may never come.
         */
        private boolean overcounted() {
            return missing != UNKNOWN && missing < (works() ? 1 : 0);
        }

        /** What changes while the device does for it what it owes it. */
        long movement() {
            return waitsForSoftware() ? Long.rotateLeft(looks, Integer.SIZE) ^ progress : progress;
        }

        /** Others have its engine. */
        boolean waitsForItsTurn() {
            return hold == QueueHold.ENGINE || hold == QueueHold.PREEMPTED;
        }

        /** It is at a packet, or waits to go on with one. */
        public boolean works() {
            return state == QueueState.RUNNING || state == QueueState.WAITING;
        }

        /**
         * The device should go on with it: it works (one that waits for software has to be looked after, if the device counts its looks), or it has not noticed the packet that stands in the ring; or a completion is lost, because it says that all is done and never told the
         * client of it; or there was one too many; or it has stopped by an error of which nobody was told.
         */
        boolean owes(Ring ring) {
            return switch (state) {
                case RUNNING, WAITING -> !waitsForSoftware() || looks != 0;
                case IDLE -> ring.offered() || missing > 0 || overcounted();
                case DISABLED -> ring.offered(); // the write that was to enable it is lost
                case ERROR -> true; // the message that was to tell of it is lost: of a queue that has failed and whose holder knows there is no ring
                default -> false;
            };
        }
    }
}
