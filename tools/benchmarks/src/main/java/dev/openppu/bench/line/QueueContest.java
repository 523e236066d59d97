package dev.openppu.bench.line;

import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.Cpus;
import dev.openppu.bench.host.DriverQueue;
import dev.openppu.bench.host.ServedQueue;
import dev.openppu.bench.host.ServedQueue.Device;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.twin.CpuAffinity.Pin;
import dev.openppu.twin.DeviceTwin;
import dev.openppu.twin.HostTwin;
import dev.openppu.twin.TwinLibrary;

/** The driver's queue beside a C host's; behind both the same device library on a thread of its own. */
abstract class QueueContest implements Contest {
    private final Cpus cpus = Cpus.ofProcess();
    private final DeviceTwin.Watch watch;
    private final int log2Packets;
    private final ServedQueue served;
    private final DriverQueue queue;
    private final HostTwin[] twin;

    QueueContest(int log2Packets, DeviceTwin.Watch watch) {
        this.log2Packets = log2Packets;
        this.watch = watch;
        this.served = new ServedQueue(log2Packets, policy());
        this.queue = served.queue();
        this.twin = comparable() ? new HostTwin[]{HostTwin.open(1L << log2Packets)} : new HostTwin[0];
    }

    /** A round on the driver's queue, whose device is at work. */
    abstract Round java(DriverQueue queue);

    /** A round on the C host's queue, whose device is at work. */
    abstract double[] c(HostTwin host);

    /** What a producer does while the ring is full: as the twin's, it looks all the time; no interrupt would wake it. */
    WaitPolicy policy() {
        return WaitPolicy.SPIN;
    }

    /** Whether the host's thread keeps to one CPU. */
    boolean pinned() {
        return true;
    }

    final int packets() {
        return 1 << log2Packets;
    }

    @Override
    public final Round java() {
        try (Pin _ = pin(); Device _ = served.start(watch, deviceCpu())) {
            return java(queue);
        }
    }

    @Override
    public final double[] c() {
        try (Pin _ = pin(); DeviceTwin _ = twin[0].device(watch, deviceCpu())) {
            return c(twin[0]);
        }
    }

    private Pin pin() {
        return pinned() ? cpus.pinHost() : () -> {};
    }

    private int deviceCpu() {
        return pinned() ? cpus.device() : -1;
    }

    @Override
    public final boolean comparable() {
        return TwinLibrary.absence().isEmpty();
    }

    @Override
    public boolean busy() {
        return pinned();
    }

    @Override
    public void close() {
        for (HostTwin host : twin) {
            host.close();
        }
        served.close();
    }
}
