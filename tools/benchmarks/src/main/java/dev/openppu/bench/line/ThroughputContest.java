package dev.openppu.bench.line;

import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.DriverQueue;
import dev.openppu.twin.DeviceTwin.Watch;
import dev.openppu.twin.HostTwin;

/** Packets as fast as the device takes them, at most a ring of them in flight; millions a second. */
final class ThroughputContest extends QueueContest {
    private static final int PACKETS = 160_000;

    private final int perDoorbell;

    /** @param perDoorbell packets that one ring of the doorbell announces; divides {@link #PACKETS} */
    ThroughputContest(int log2Packets, int perDoorbell, Watch watch) {
        super(log2Packets, watch);
        this.perDoorbell = perDoorbell;
    }

    @Override
    Round java(DriverQueue queue) {
        long before = Allocation.bytes();
        long start = System.nanoTime();
        long target = perDoorbell == 1 ? single(queue) : batches(queue);
        queue.poll(target);
        long nanos = System.nanoTime() - start;
        return Round.of((double) (Allocation.bytes() - before) / PACKETS, 1e3 * PACKETS / nanos);
    }

    private static long single(DriverQueue queue) {
        long target = 0;
        for (int i = 0; i < PACKETS; i++) {
            target = queue.submit();
        }
        return target;
    }

    private long batches(DriverQueue queue) {
        long target = 0;
        for (int i = 0; i < PACKETS; i += perDoorbell) {
            target = queue.submit(perDoorbell);
        }
        return target;
    }

    @Override
    double[] c(HostTwin host) {
        return new double[]{1e3 * PACKETS / host.stream(PACKETS, perDoorbell)};
    }
}
