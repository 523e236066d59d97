package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;

/** The paths of a warp: program counter, lanes, and what each waits for. At most one per lane, kept in a few small arrays. */
final class Paths {
    private static final int READY = -1;
    private static final int SYNC = -2;

    private final int[] pcs = new int[CodeLimits.WARP_SIZE + 1];
    private final int[] lanes = new int[CodeLimits.WARP_SIZE + 1];
    /** READY, SYNC, or the number of the barrier at which the path waits. */
    private final int[] states = new int[CodeLimits.WARP_SIZE + 1];
    /** Member mask of a path in state SYNC. */
    private final int[] members = new int[CodeLimits.WARP_SIZE + 1];
    private int count;

    void start(int pc, int mask) {
        count = 0;
        add(pc, mask);
    }

    int count() {
        return count;
    }

    int pc(int path) {
        return pcs[path];
    }

    int lanes(int path) {
        return lanes[path];
    }

    boolean isReady(int path) {
        return states[path] == READY;
    }

    boolean isAtBarrier(int path, int barrier) {
        return states[path] == barrier;
    }

    boolean isAtSync(int path, int mask) {
        return states[path] == SYNC && members[path] == mask;
    }

    void moveTo(int path, int pc) {
        pcs[path] = pc;
    }

    void add(int pc, int mask) {
        pcs[count] = pc;
        lanes[count] = mask;
        states[count] = READY;
        count++;
    }

    /** Takes lanes off a path onto one of their own; a path without lanes is gone. */
    void split(int path, int mask, int pc) {
        if (mask == lanes[path]) {
            pcs[path] = pc;
        } else if (mask != 0) {
            lanes[path] &= ~mask;
            add(pc, mask);
        }
    }

    /** Ends lanes of a path; the rest goes on with the next instruction. */
    void drop(int path, int mask) {
        lanes[path] &= ~mask;
        pcs[path]++;
        if (lanes[path] == 0) {
            remove(path);
        }
    }

    private void remove(int path) {
        count--;
        pcs[path] = pcs[count];
        lanes[path] = lanes[count];
        states[path] = states[count];
        members[path] = members[count];
    }

    void waitAtBarrier(int path, int barrier) {
        states[path] = barrier;
    }

    void waitForSync(int path, int mask) {
        states[path] = SYNC;
        members[path] = mask;
    }

    /** The path goes on with the instruction after the one it waits at. */
    void release(int path) {
        states[path] = READY;
        pcs[path]++;
    }

    /** Paths that wait for other lanes of the warp look again. */
    void wakeSync() {
        for (int path = 0; path < count; path++) {
            if (states[path] == SYNC) {
                states[path] = READY;
            }
        }
    }

    /** Makes one path of those that are ready at the same instruction. */
    void mergeReady() {
        for (int path = 0; path < count; path++) {
            for (int other = count - 1; other > path; other--) {
                if (states[path] == READY && states[other] == READY && pcs[path] == pcs[other]) {
                    lanes[path] |= lanes[other];
                    remove(other);
                }
            }
        }
    }

    /** The ready path with the lowest program counter, or -1. */
    int lowestReady() {
        int lowest = -1;
        for (int path = 0; path < count; path++) {
            if (states[path] == READY && (lowest < 0 || pcs[path] < pcs[lowest])) {
                lowest = path;
            }
        }
        return lowest;
    }

    /** Some ready path, a different one for different turns, or -1. */
    int readyAfter(int turn) {
        for (int i = 0; i < count; i++) {
            int path = (turn + i) % count;
            if (states[path] == READY) {
                return path;
            }
        }
        return -1;
    }

    /** The lowest program counter of a ready path that is above {@code pc}, or -1. */
    int nextReadyAfter(int pc) {
        int next = -1;
        for (int path = 0; path < count; path++) {
            if (states[path] == READY && pcs[path] > pc && (next < 0 || pcs[path] < next)) {
                next = pcs[path];
            }
        }
        return next;
    }
}
