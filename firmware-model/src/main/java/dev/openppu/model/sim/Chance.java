package dev.openppu.model.sim;

import java.nio.charset.StandardCharsets;

/**
 * A stream of pseudo-random numbers, the same on every machine: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
 *
 * <p>Streams split off by name are independent of each other and of how much was drawn from their origin: what one part of the model draws does not move the
 * others. Not thread-safe: a stream belongs to code under the device's exclusion.
 */
public final class Chance {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;
    private static final long FNV_OFFSET = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x0000_0100_0000_01B3L;

    private final long seed;
    private long state;

    public Chance(long seed) {
        this.seed = seed;
        this.state = seed;
    }

    /** A seed that nobody knows in advance, for a world that nobody will repeat. */
    public static long freshSeed() {
        return mix(System.nanoTime());
    }

    /** An independent stream; the same name of the same origin is always the same stream, from its beginning. */
    public Chance stream(String name) {
        long hash = FNV_OFFSET;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return new Chance(mix(mix(seed) ^ hash));
    }

    /** 64 random bits. */
    public long bits() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Uniform in {@code [0, bound)}. */
    public long below(long bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound " + bound + " is not positive");
        }
        return Math.unsignedMultiplyHigh(bits(), bound);
    }

    /** Uniform in {@code [first, last]}. */
    public long between(long first, long last) {
        return first + below(last - first + 1);
    }

    /** True once in {@code n} on average. */
    public boolean oneIn(long n) {
        return below(n) == 0;
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return b ^ (b >>> 31);
    }
}
