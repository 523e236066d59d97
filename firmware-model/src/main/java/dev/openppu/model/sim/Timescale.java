package dev.openppu.model.sim;

/** Stretches time-outs; saturates. */
record Timescale(double factor) {
    Timescale {
        if (!(factor > 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("timescale " + factor + " is not a positive number");
        }
    }

    long stretch(long nanos) {
        return factor == 1 ? nanos : (long) Math.min(Long.MAX_VALUE, nanos * factor);
    }
}
