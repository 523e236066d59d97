package dev.openppu.model.firmware;

import dev.openppu.model.firmware.board.Board;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The firmware's kernel: a queue of ready tasks and a list of timers over the board's one alarm. Cooperative: a task runs until it returns.
 */
final class Kernel {
    private final Board board;
    private final ArrayDeque<Task> ready = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::due).thenComparingLong(Timer::order));
    private long order;
    private boolean stopped;

    private record Timer(long due, long order, Task task) {}

    Kernel(Board board) {
        this.board = board;
    }

    /** Runs a task soon; a task that is ready already is not queued twice. */
    void ready(Task task) {
        if (!ready.contains(task)) {
            ready.add(task);
        }
    }

    /** Runs a task when a time has come. */
    void at(long nanos, Task task) {
        timers.add(new Timer(nanos, order++, task));
    }

    /** Runs everything that is ready or due, then sets the alarm and returns to sleep. */
    void run() {
        while (!stopped) {
            expire();
            @Nullable
            Task next = ready.poll();
            if (next == null) {
                break;
            }
            next.run();
        }
        @Nullable
        Timer first = timers.peek();
        if (!stopped && first != null) {
            board.alarm(Math.max(0, first.due() - board.nanos()));
        }
    }

    /** No task runs any more. */
    void stop() {
        stopped = true;
    }

    private void expire() {
        long now = board.nanos();
        for (Timer first = timers.peek(); first != null && first.due() <= now; first = timers.peek()) {
            timers.remove();
            ready(first.task());
        }
    }
}
