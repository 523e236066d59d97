package dev.openppu.model.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Device events by (time, rank): a binary heap over parallel arrays, so that scheduling allocates nothing. The rank orders what is due at the same instant and is
 * unique.
 */
final class EventQueue {
    private static final int INITIAL_CAPACITY = 64;

    private long[] times = new long[INITIAL_CAPACITY];
    private long[] ranks = new long[INITIAL_CAPACITY];
    private String[] labels = new String[INITIAL_CAPACITY];
    private @Nullable Runnable[] actions = new Runnable[INITIAL_CAPACITY];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        Arrays.fill(actions, 0, size, null);
        size = 0;
    }

    void add(long time, long rank, String label, Runnable action) {
        if (size == times.length) {
            grow();
        }
        int hole = size++;
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            if (before(times[parent], ranks[parent], time, rank)) {
                break;
            }
            move(parent, hole);
            hole = parent;
        }
        set(hole, time, rank, label, action);
    }

    /** Whether the first event comes before (time, rank). */
    boolean firstIsBefore(long time, long rank) {
        return size > 0 && before(times[0], ranks[0], time, rank);
    }

    long firstTime() {
        return times[0];
    }

    String firstLabel() {
        return labels[0];
    }

    Runnable removeFirst() {
        Runnable first = actions[0];
        if (first == null) {
            throw new IllegalStateException("no event");
        }
        int last = --size;
        int hole = 0;
        for (;;) {
            int child = 2 * hole + 1;
            if (child >= last) {
                break;
            }
            if (child + 1 < last && before(times[child + 1], ranks[child + 1], times[child], ranks[child])) {
                child++;
            }
            if (before(times[last], ranks[last], times[child], ranks[child])) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        move(last, hole);
        actions[last] = null;
        return first;
    }

    private void move(int from, int to) {
        times[to] = times[from];
        ranks[to] = ranks[from];
        labels[to] = labels[from];
        actions[to] = actions[from];
    }

    private void set(int at, long time, long rank, String label, Runnable action) {
        times[at] = time;
        ranks[at] = rank;
        labels[at] = label;
        actions[at] = action;
    }

    private void grow() {
        int capacity = 2 * size;
        times = Arrays.copyOf(times, capacity);
        ranks = Arrays.copyOf(ranks, capacity);
        labels = Arrays.copyOf(labels, capacity);
        actions = Arrays.copyOf(actions, capacity);
    }

    static boolean before(long time, long rank, long otherTime, long otherRank) {
        return time < otherTime || (time == otherTime && rank < otherRank);
    }
}
