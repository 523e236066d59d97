package dev.openppu.hal.realtime;

/** Stretches time-outs; saturates. */
public record Timescale(double factor) {
    public Timescale {
        if (!(factor > 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("timescale " + factor + " is not a positive number");
        }
    }

    public long stretch(long nanos) {
        return factor == 1 ? nanos : (long) Math.min(Long.MAX_VALUE, nanos * factor);
    }
}
