package dev.openppu.driver.owner.hang;

import dev.openppu.hal.LinkRuntime;
import java.util.function.LongSupplier;

/**
 * The last word before a queue is called hung. A host that was slow or stopped is told from a device that stands still: the device's own clock must have gone on, the
 * firmware must answer, and two looks some time apart must find the queue where it was.
 */
public final class LivenessProbe {
    private final LinkRuntime runtime;
    private final WatchedQueues queues;
    private final LongSupplier deviceClock;
    private final Runnable ping;

    /**
     * @param deviceClock nanoseconds of the device's own time
     * @param ping returns when the firmware has answered; throws if it does not
     */
    public LivenessProbe(LinkRuntime runtime, WatchedQueues queues, LongSupplier deviceClock, Runnable ping) {
        this.runtime = runtime;
        this.queues = queues;
        this.deviceClock = deviceClock;
        this.ping = ping;
    }

    /** Device time now. */
    long deviceTime() {
        return deviceClock.getAsLong();
    }

    /**
     * Whether the queue stands still indeed.
     *
     * @param since device time when it was last seen to move
     * @param leastDeviceNanos time that the device must have had
     * @param pauseNanos between the two looks
     */
    boolean standsStill(int queue, WatchedQueues.Ring ring, long progress, long since, long leastDeviceNanos, long pauseNanos) {
        if (deviceClock.getAsLong() - since < leastDeviceNanos) {
            return false; // the device had no time: the process, or the whole machine, was stopped
        }
        ping.run();
        runtime.sleep(pauseNanos);
        WatchedQueues.Look look = queues.look(queue);
        return ring.equals(queues.ring(queue)) && look.owes(ring) && look.movement() == progress;
    }
}
