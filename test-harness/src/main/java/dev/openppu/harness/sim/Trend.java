package dev.openppu.harness.sim;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * One counter of the process over a soak. It has grown if, when a fifth of the time for warming up is left out, all of the last third is above all of the first third, by more than
 * {@code slack}.
 *
 * @param name of what is counted
 * @param unit of it; empty for numbers of things
 * @param slack what caches, compiled code and the like may still take
 * @param samples in their order, at equal distances
 */
public record Trend(String name, String unit, long slack, long... samples) {
    private static final int FEWEST = 10;

    private LongStream thirdFrom(int third) {
        int warm = samples.length / 5;
        int left = samples.length - warm;
        return Arrays.stream(samples, warm + left * third / 3, warm + left * (third + 1) / 3);
    }

    /** Whether there are samples enough to say anything. */
    public boolean judged() {
        return samples.length >= FEWEST;
    }

    public boolean grown() {
        return judged() && thirdFrom(2).min().orElseThrow() > thirdFrom(0).max().orElseThrow() + slack;
    }

    public long first() {
        return samples.length == 0 ? 0 : samples[0];
    }

    public long last() {
        return samples.length == 0 ? 0 : samples[samples.length - 1];
    }

    public long most() {
        return Arrays.stream(samples).max().orElse(0);
    }

    /** Most of the time in which it may have settled. */
    public long early() {
        return judged() ? thirdFrom(0).max().orElseThrow() : first();
    }

    /** Least of the end. */
    public long late() {
        return judged() ? thirdFrom(2).min().orElseThrow() : last();
    }
}
