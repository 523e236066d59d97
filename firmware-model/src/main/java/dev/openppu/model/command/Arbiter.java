package dev.openppu.model.command;

/** Chooses who is served next: high priority first, round robin among equals, and nobody starves. */
final class Arbiter {
    private static final int MOST_HIGH_IN_A_ROW = 4;
    private static final int QUEUES = 64;

    private long high;
    private long normal;
    private int lastHigh = QUEUES - 1;
    private int lastNormal = QUEUES - 1;
    private int highInARow;

    boolean empty() {
        return (high | normal) == 0;
    }

    void add(int queue, boolean priority) {
        if (priority) {
            high |= 1L << queue;
        } else {
            normal |= 1L << queue;
        }
    }

    /** The next queue, which is then no longer waiting here; -1 if there is none. */
    int next() {
        if (high != 0 && (normal == 0 || highInARow < MOST_HIGH_IN_A_ROW)) {
            highInARow++;
            lastHigh = after(high, lastHigh);
            high &= ~(1L << lastHigh);
            return lastHigh;
        }
        highInARow = 0;
        if (normal == 0) {
            return -1;
        }
        lastNormal = after(normal, lastNormal);
        normal &= ~(1L << lastNormal);
        return lastNormal;
    }

    void clear() {
        high = 0;
        normal = 0;
    }

    /** The first set bit above {@code last}, cyclically. */
    private static int after(long set, int last) {
        int shift = last + 1 & QUEUES - 1;
        return Long.numberOfTrailingZeros(Long.rotateRight(set, shift)) + shift & QUEUES - 1;
    }
}
