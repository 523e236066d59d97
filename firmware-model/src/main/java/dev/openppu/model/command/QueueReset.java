package dev.openppu.model.command;

import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.fault.FaultPlan;

/**
 * The reset of one queue: ends when the last packet in flight has been let go of, or fails when that takes too long.
 *
 * <p>The next rung of the ladder after a failed one is a reset of the engine that does not let go.
 */
final class QueueReset {
    private final Queue queue;
    private final Timer timer;
    private long attempt;
    private boolean underWay;
    private boolean failed;
    private boolean maySucceed;

    /** What all queues' resets have in common. */
    record Timer(Agenda agenda, FaultPlan faults) {
        private static final long SIMULATED_LIMIT = 20_000_000;
        private static final long REAL_LIMIT = 100_000_000;
        private static final long NANOS = 2_000;
        private static final long SPREAD = 2_000;

        long limit() {
            return agenda.realTime() ? REAL_LIMIT : SIMULATED_LIMIT;
        }
    }

    QueueReset(Queue queue, Timer timer) {
        this.queue = queue;
        this.timer = timer;
    }

    boolean underWay() {
        return underWay;
    }

    /** The last one did not end in time. */
    boolean failed() {
        return failed;
    }

    void begin() {
        long number = ++attempt;
        underWay = true;
        failed = false;
        maySucceed = false;
        long extra = timer.faults().queueResetExtraNanos(queue.number());
        if (extra < timer.limit()) {
            timer.agenda().afterAbout(Timer.NANOS + extra, Timer.SPREAD, "queue.reset", () -> {
                if (number == attempt) {
                    maySucceed = true;
                    look();
                }
            });
        }
        timer.agenda().after(timer.limit(), "queue.reset.limit", () -> {
            if (number == attempt && underWay) {
                underWay = false;
                failed = true;
                queue.resetFailed();
            }
        });
    }

    /** Something of the queue has ended. */
    void look() {
        if (underWay && maySucceed && queue.quiet()) {
            underWay = false;
            timer.faults().queueReset(queue.number());
            queue.resetEnded();
        }
    }

    void forget() {
        attempt++;
        underWay = false;
        failed = false;
    }
}
