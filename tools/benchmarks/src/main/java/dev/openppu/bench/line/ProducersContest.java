package dev.openppu.bench.line;

import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.DriverQueue;
import dev.openppu.bench.host.Team;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.twin.DeviceTwin.Watch;
import dev.openppu.twin.HostTwin;

/** Several threads on one queue; millions of packets a second. C's take an index by an atomic increment each. */
final class ProducersContest extends QueueContest {
    private static final int PACKETS_EACH = 20_000;

    private final int producers;

    ProducersContest(int producers) {
        super(8, Watch.HEADER);
        this.producers = producers;
    }

    /** As the twin's: there are more threads than CPUs. */
    @Override
    WaitPolicy policy() {
        return WaitPolicy.YIELD;
    }

    @Override
    boolean pinned() {
        return false;
    }

    @Override
    Round java(DriverQueue queue) {
        long nanos = Team.time(producers, () -> {
            long target = 0;
            for (int i = 0; i < PACKETS_EACH; i++) {
                target = queue.submit();
            }
            queue.poll(target);
        });
        return Round.withoutAllocation(1e3 * producers * PACKETS_EACH / nanos);
    }

    @Override
    double[] c(HostTwin host) {
        return new double[]{1e3 * producers * PACKETS_EACH / host.producers(PACKETS_EACH, producers)};
    }
}
