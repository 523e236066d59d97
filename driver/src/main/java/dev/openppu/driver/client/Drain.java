package dev.openppu.driver.client;

import dev.openppu.driver.sync.Waiting;
import dev.openppu.hal.LinkRuntime;

/**
 * A wait, quiet and of bounded length, for work that is in flight before something is taken away that it may use.
 *
 * <p>When it is over the work has ended or loses what it uses. So it does not leave a doorbell that was lost to the watch over hung queues, which looks seldom while no interrupts come: it rings again
 * itself.
 *
 * @param deadlineNanos by the clock of {@code runtime}
 */
public record Drain(LinkRuntime runtime, long deadlineNanos) {
    private static final int PARTS = 8;

    /** Until the queue has reached {@code target}, or will reach nothing more, or the time is over. */
    public void await(CommandQueue queue, long target) {
        Waiting waiting = new Waiting(runtime);
        queue.flush(target);
        long part = Math.max(1, (deadlineNanos - runtime.nanos()) / PARTS);
        for (int rest = PARTS - 1; rest > 0; rest--) {
            if (waiting.uninterruptibly(() -> over(queue, target), deadlineNanos - rest * part)) {
                return;
            }
            queue.ringAgain();
        }
        waiting.uninterruptibly(() -> over(queue, target), deadlineNanos);
    }

    private static boolean over(CommandQueue queue, long target) {
        return queue.reached(target) || queue.stopped();
    }
}
