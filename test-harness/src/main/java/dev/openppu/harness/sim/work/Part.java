package dev.openppu.harness.sim.work;

/** A part of something: from where, and how much of it; at least one. */
record Part(int from, int count) {
    static Part of(int length, int most, Step step, int which) {
        int from = step.below(which, length);
        return new Part(from, 1 + step.below(which + 1, Math.min(most, length - from)));
    }

    long offset() {
        return (long) from * Integer.BYTES;
    }

    long bytes() {
        return (long) count * Integer.BYTES;
    }
}
