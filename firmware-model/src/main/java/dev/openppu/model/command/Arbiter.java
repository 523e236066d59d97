package dev.openppu.model.command;

import java.util.Arrays;

/** Chooses which queue is served next: the highest priority first, round robin among equals, and nobody starves. */
final class Arbiter {
    private static final int PATIENCE = 4;
    private static final int QUEUES = 64;

    private final long[] waiting = new long[Turns.LEVELS];
    private final int[] last = new int[Turns.LEVELS];
    private final Turns turns = new Turns(PATIENCE);
    private int levels;

    Arbiter() {
        Arrays.fill(last, QUEUES - 1);
    }

    boolean empty() {
        return levels == 0;
    }

    void add(int queue, int priority) {
        waiting[priority] |= 1L << queue;
        levels |= 1 << priority;
    }

    /** The next queue, which is then no longer waiting here; -1 if there is none. */
    int next() {
        if (levels == 0) {
            return -1;
        }
        int level = turns.next(levels);
        int queue = after(waiting[level], last[level]);
        last[level] = queue;
        waiting[level] &= ~(1L << queue);
        if (waiting[level] == 0) {
            levels &= ~(1 << level);
        }
        return queue;
    }

    void clear() {
        Arrays.fill(waiting, 0);
        levels = 0;
        turns.clear();
    }

    /** The first set bit above {@code last}, cyclically. */
    private static int after(long set, int last) {
        int shift = last + 1 & QUEUES - 1;
        return Long.numberOfTrailingZeros(Long.rotateRight(set, shift)) + shift & QUEUES - 1;
    }
}
