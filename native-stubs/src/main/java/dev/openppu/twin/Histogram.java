package dev.openppu.twin;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How often each time occurred: exact below 256 ns, then buckets 1/128 wide. The twins count into the same memory by the same rule ({@code twin_bucket_of} in {@code
 * twins.h}), so that Java's times and C's are told by one method. One writer at a time.
 */
public final class Histogram {
    private static final int SUB_BUCKETS_LOG2 = 7;
    private static final int SUB_BUCKETS = 1 << SUB_BUCKETS_LOG2;
    private static final int BUCKETS = (Long.SIZE - SUB_BUCKETS_LOG2) * SUB_BUCKETS;

    private final MemorySegment counts = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, BUCKETS);

    /** Counts one value; below 0 counts as 0. */
    public void record(long nanos) {
        long at = (long) bucketOf(Math.max(0, nanos)) * Long.BYTES;
        counts.set(ValueLayout.JAVA_LONG, at, counts.get(ValueLayout.JAVA_LONG, at) + 1);
    }

    /** @param value 0 or more */
    static int bucketOf(long value) {
        if (value < 2 * SUB_BUCKETS) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - SUB_BUCKETS_LOG2 - Long.numberOfLeadingZeros(value);
        return (shift + 1) * SUB_BUCKETS + (int) (value >>> shift) - SUB_BUCKETS;
    }

    /** The smallest value that falls into a bucket. */
    static long lowestOf(int bucket) {
        if (bucket < 2 * SUB_BUCKETS) {
            return bucket;
        }
        int shift = bucket / SUB_BUCKETS - 1;
        return (long) (bucket % SUB_BUCKETS + SUB_BUCKETS) << shift;
    }

    /** How many values were counted. */
    public long count() {
        long count = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            count += at(bucket);
        }
        return count;
    }

    /**
     * The value that {@code percent} of those counted do not exceed, to 1/128; 0 if there are none.
     *
     * @param percent above 0, at most 100
     */
    public long percentile(double percent) {
        long rank = Math.max(1, (long) Math.ceil(count() * percent / 100));
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            seen += at(bucket);
            if (seen >= rank) {
                return lowestOf(bucket);
            }
        }
        return 0;
    }

    /** Forgets everything. */
    public void clear() {
        counts.fill((byte) 0);
    }

    private long at(int bucket) {
        return counts.getAtIndex(ValueLayout.JAVA_LONG, bucket);
    }

    MemorySegment counts() {
        return counts;
    }
}
