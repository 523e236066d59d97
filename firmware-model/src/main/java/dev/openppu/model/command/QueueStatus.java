package dev.openppu.model.command;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.model.reg.QueueRegs;

/** What a queue says of itself: what it does, what it waits for, and why it does not go on. */
final class QueueStatus {
    /** Of the field {@code exception}. */
    private static final int RESET_VALUE = 0;

    private QueueState state = QueueState.DISABLED;
    private QueueHold hold = QueueHold.NONE;
    private QueueError error = QueueError.NONE;
    private int exception = RESET_VALUE;

    void show(QueueState now, QueueHold why) {
        state = now;
        hold = why;
    }

    /** It holds nothing any more. */
    void holdsNothing() {
        hold = QueueHold.NONE;
    }

    /** As after a reset of the device. */
    void disabled() {
        become(QueueState.DISABLED, QueueError.NONE, RESET_VALUE);
    }

    /** It has nothing to do yet. */
    void begun() {
        become(QueueState.IDLE, QueueError.NONE, DeviceException.NONE);
    }

    /** It stands because of an error. */
    void failed(QueueError why, int code) {
        become(QueueState.ERROR, why, code);
    }

    /** It stands because an engine does not let go of a packet. */
    void resetFailed() {
        failed(QueueError.RESET, DeviceException.NONE);
    }

    private void become(QueueState now, QueueError why, int code) {
        show(now, QueueHold.NONE);
        error = why;
        exception = code;
    }

    /**
     * What {@code queue.status} shows.
     *
     * @param enabled packets are processed: otherwise none waits for anything
     * @param aside a packet of the queue is put aside for another queue's
     */
    int value(boolean enabled, boolean aside, QueueReset reset) {
        int status = QueueRegs.Status.withError(QueueRegs.Status.withState(0, state), error);
        status = QueueRegs.Status.withException(status, exception);
        boolean own = hold == QueueHold.DEPENDENCY || hold == QueueHold.VALUE;
        status = QueueRegs.Status.withHold(status, !enabled ? QueueHold.NONE : aside && !own ? QueueHold.PREEMPTED : hold);
        return QueueRegs.Status.withResetFailed(QueueRegs.Status.withResetting(status, reset.underWay()), reset.failed());
    }
}
