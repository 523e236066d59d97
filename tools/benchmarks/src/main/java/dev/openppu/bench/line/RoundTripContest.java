package dev.openppu.bench.line;

import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.DriverQueue;
import dev.openppu.twin.DeviceTwin.Watch;
import dev.openppu.twin.Histogram;
import dev.openppu.twin.HostTwin;

/** One packet at a time: submission to completion as seen by polling. Median, 99th percentile, bytes allocated. */
final class RoundTripContest extends QueueContest {
    private static final int TRIPS = 20_000;

    private final Histogram histogram = new Histogram();

    RoundTripContest() {
        super(6, Watch.HEADER);
    }

    @Override
    Round java(DriverQueue queue) {
        histogram.clear();
        long before = Allocation.bytes();
        for (int i = 0; i < TRIPS; i++) {
            long start = System.nanoTime();
            queue.poll(queue.submit());
            histogram.record(System.nanoTime() - start);
        }
        double bytes = (double) (Allocation.bytes() - before) / TRIPS;
        return Round.of(bytes, histogram.percentile(50), histogram.percentile(99), bytes);
    }

    @Override
    double[] c(HostTwin host) {
        histogram.clear();
        host.roundTrips(TRIPS, histogram);
        return new double[]{histogram.percentile(50), histogram.percentile(99), 0};
    }
}
