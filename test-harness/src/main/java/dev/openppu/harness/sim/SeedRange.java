package dev.openppu.harness.sim;

import java.util.stream.LongStream;

/**
 * Seeds of a campaign, or one machine's share of them.
 *
 * @param first seed
 * @param last seed, that one too
 * @param shard which share, from 1
 * @param shards how many shares; every seed is in exactly one of them
 */
public record SeedRange(long first, long last, int shard, int shards) {
    public SeedRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("seeds %d..%d: give the lower one first, 0 or more".formatted(first, last));
        }
        if (shards < 1 || shard < 1 || shard > shards) {
            throw new IllegalArgumentException("shard %d/%d: give 1/n to n/n".formatted(shard, shards));
        }
    }

    /**
     * @param text {@code 17} or {@code 1..100000}
     * @throws IllegalArgumentException with what is wrong, for a user to read
     */
    public static SeedRange parse(String text) {
        int dots = text.indexOf("..");
        try {
            long first = Long.parseLong(dots < 0 ? text : text.substring(0, dots));
            return new SeedRange(first, dots < 0 ? first : Long.parseLong(text.substring(dots + 2)), 1, 1);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is no range of seeds: write N or FIRST..LAST".formatted(text), e);
        }
    }

    /**
     * @param text {@code k/n}
     * @throws IllegalArgumentException with what is wrong, for a user to read
     */
    public SeedRange share(String text) {
        int slash = text.indexOf('/');
        try {
            return new SeedRange(first, last, Integer.parseInt(text.substring(0, Math.max(0, slash))),
                    Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is no share: write K/N".formatted(text), e);
        }
    }

    /** How many seeds are in this share. */
    public long count() {
        long all = last - first + 1;
        return (all - shard) / shards + (all >= shard ? 1 : 0);
    }

    /** All seeds, as one share. */
    public SeedRange whole() {
        return new SeedRange(first, last, 1, 1);
    }

    /** Whether a seed is in this share. */
    public boolean contains(long seed) {
        return seed >= first && seed <= last && (seed - first) % shards == shard - 1;
    }

    /** The seeds of this share, ascending. */
    public LongStream seeds() {
        return LongStream.range(0, count()).map(i -> first + shard - 1 + i * shards);
    }

    @Override
    public String toString() {
        return first == last ? Long.toString(first) : first + ".." + last;
    }
}
