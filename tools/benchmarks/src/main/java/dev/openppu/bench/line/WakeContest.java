package dev.openppu.bench.line;

import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.Cpus;
import dev.openppu.bench.host.WakeLoop;
import dev.openppu.twin.CpuAffinity;
import dev.openppu.twin.CpuAffinity.Pin;
import dev.openppu.twin.Histogram;
import dev.openppu.twin.TwinLibrary;
import dev.openppu.twin.WakeTwin;

/** Two sleeping threads that wake each other in turn: the driver's through its link's runtime, C's through eventfd. Microseconds for one wake-up, median. */
final class WakeContest implements Contest {
    private static final int WAKE_UPS = 2_000;

    private final int cpu;
    private final int otherCpu;
    private final WakeLoop loop = new WakeLoop();
    private final Histogram histogram = new Histogram();

    /** @param sameCpu both threads on one CPU */
    WakeContest(boolean sameCpu) {
        Cpus cpus = Cpus.ofProcess();
        cpu = cpus.host();
        otherCpu = sameCpu ? cpus.host() : cpus.device();
    }

    @Override
    public Round java() {
        histogram.clear();
        try (Pin _ = pin()) {
            loop.run(otherCpu, WAKE_UPS, histogram);
        }
        return Round.withoutAllocation(1e-3 * histogram.percentile(50));
    }

    @Override
    public double[] c() {
        histogram.clear();
        try (Pin _ = pin()) {
            WakeTwin.wakeUps(otherCpu, WAKE_UPS, histogram);
        }
        return new double[]{1e-3 * histogram.percentile(50)};
    }

    private Pin pin() {
        return cpu < 0 ? () -> {} : CpuAffinity.pin(cpu);
    }

    @Override
    public boolean comparable() {
        return TwinLibrary.absence().isEmpty();
    }

    @Override
    public void close() {
        loop.close();
    }
}
