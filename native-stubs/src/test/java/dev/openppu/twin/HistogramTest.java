package dev.openppu.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private final Histogram histogram = new Histogram();

    @Test
    void smallValuesAreExact() {
        for (long value = 0; value < 256; value++) {
            histogram.record(value);
        }

        assertThat(histogram.count()).isEqualTo(256);
        assertThat(histogram.percentile(50)).isEqualTo(127);
        assertThat(histogram.percentile(100)).isEqualTo(255);
        assertThat(histogram.percentile(0.001)).isZero();
    }

    @Test
    void largeValuesAreTrueToOnePart128() {
        for (long value : values()) {
            histogram.clear();
            histogram.record(value);

            long told = histogram.percentile(50);

            assertThat(told).isLessThanOrEqualTo(value);
            assertThat(value - told).isLessThanOrEqualTo(value / 128);
        }
    }

    @Test
    void aBucketBeginsAtItsLowestValue() {
        for (long value : values()) {
            int bucket = Histogram.bucketOf(value);

            assertThat(Histogram.bucketOf(Histogram.lowestOf(bucket))).isEqualTo(bucket);
            assertThat(Histogram.bucketOf(value == Long.MAX_VALUE ? value : value + 1)).isBetween(bucket, bucket + 1);
        }
    }

    @Test
    void theTwinsCountIntoTheSameBuckets() {
        assumeTrue(TwinLibrary.absence().isEmpty(), () -> "no C twins: " + TwinLibrary.absence().orElseThrow());

        for (long value : values()) {
            assertThat(TwinCalls.bucket(value)).as("bucket of %d", value).isEqualTo(Histogram.bucketOf(value));
        }
    }

    @Test
    void theTailIsFoundAmongMany() {
        for (int i = 0; i < 99_990; i++) {
            histogram.record(100);
        }
        for (int i = 0; i < 10; i++) {
            histogram.record(1 << 20);
        }

        assertThat(histogram.percentile(99.99)).isEqualTo(100);
        assertThat(histogram.percentile(99.991)).isEqualTo(1 << 20);
    }

    private static long[] values() {
        SplittableRandom random = new SplittableRandom(1);
        return LongStream.concat(
                LongStream.rangeClosed(0, 62).flatMap(shift -> LongStream.of((1L << shift) - 1, 1L << shift, (1L << shift) + 1)),
                LongStream.concat(LongStream.of(Long.MAX_VALUE - 1, Long.MAX_VALUE),
                        LongStream.generate(() -> random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63)).limit(10_000)))
                .toArray();
    }
}
