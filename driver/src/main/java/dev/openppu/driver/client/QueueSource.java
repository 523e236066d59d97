package dev.openppu.driver.client;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Failure;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.owner.OwnerService;
import dev.openppu.driver.owner.OwnerService.QueueGrant;

/** Where a parked {@link CommandQueue} gets a hardware queue from. */
interface QueueSource {
    /** A deadline that has passed. */
    long AT_ONCE = Long.MIN_VALUE;

    /** For queues that are never parked. */
    QueueSource NONE = new QueueSource() {
        @Override
        public QueueGrant reopen(long deadlineNanos) {
            throw new PpuException(
                    Failure.of(HgResult.NOT_SUPPORTED, "any device", "queue", "it has one hardware queue for good", "open another"));
        }

        @Override
        public void giveBack(int queue) {
            // there is none
        }

        @Override
        public void counts(int queue, SignalSlot signal, long first) {
            // nobody looks
        }
    };

    /**
     * A hardware queue of the same size and priority; waits for one until the deadline.
     *
     * @throws PpuException LAUNCH_OUT_OF_RESOURCES, naming who holds them
     */
    QueueGrant reopen(long deadlineNanos);

    /** The queue's completions are counted in {@code signal}, which is {@code first} before any. */
    void counts(int queue, SignalSlot signal, long first);

    /** How many packets the device has taken of it, by its register; less than none if nobody can tell. */
    default long taken(int queue) {
        return OwnerService.UNKNOWN;
    }

    /** A hardware queue is not needed after all. */
    void giveBack(int queue);
}
