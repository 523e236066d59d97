package dev.openppu.bench.line;

import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.DriverQueue;
import dev.openppu.twin.DeviceTwin.Watch;
import dev.openppu.twin.Histogram;
import dev.openppu.twin.HostTwin;
import java.util.List;

/**
 * The tail of single submissions while the application makes and drops memory between them (1 KiB each, 64 of them alive), which keeps the default collector at work;
 * C's application calls calloc and free. Ten million samples or more in a full run.
 */
final class UnderLoadContest extends QueueContest {
    private static final int SUBMISSIONS = 250_000;
    private static final int GARBAGE_BYTES = 1024;
    private static final int KEPT = 64;

    private final int leastRounds;
    private final Histogram javaTimes = new Histogram();
    private final Histogram cTimes = new Histogram();
    private final byte[][] kept = new byte[KEPT][];

    /** @param samples that are wanted of each side */
    UnderLoadContest(int samples) {
        super(8, Watch.HEADER);
        this.leastRounds = (samples + SUBMISSIONS - 1) / SUBMISSIONS;
    }

    @Override
    Round java(DriverQueue queue) {
        long target = 0;
        for (int i = 0; i < SUBMISSIONS; i++) {
            if (target >= packets()) {
                queue.poll(target + 1 - packets()); // space is not waited for in the time that counts
            }
            long start = System.nanoTime();
            target = queue.submit();
            javaTimes.record(System.nanoTime() - start);
            kept[i % KEPT] = new byte[GARBAGE_BYTES];
        }
        queue.poll(target);
        return Round.withoutAllocation(javaTimes.percentile(99.99), javaTimes.percentile(99.9));
    }

    @Override
    double[] c(HostTwin host) {
        host.underLoad(SUBMISSIONS, GARBAGE_BYTES, cTimes);
        return new double[]{cTimes.percentile(99.99), cTimes.percentile(99.9)};
    }

    @Override
    public void begin() {
        javaTimes.clear();
        cTimes.clear();
    }

    @Override
    public int leastRounds() {
        return leastRounds;
    }

    @Override
    public double[] javaSummary(List<double[]> rounds) {
        return rounds.getLast();
    }

    @Override
    public double[] cSummary(List<double[]> rounds) {
        return rounds.getLast();
    }
}
