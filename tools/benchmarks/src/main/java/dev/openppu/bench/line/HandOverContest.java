package dev.openppu.bench.line;

import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.handover.HandOver;
import dev.openppu.bench.host.Cpus;
import dev.openppu.twin.CpuAffinity;
import dev.openppu.twin.CpuAffinity.Pin;
import dev.openppu.twin.DeviceTwin;
import dev.openppu.twin.DeviceTwin.Watch;
import dev.openppu.twin.Histogram;
import dev.openppu.twin.HostTwin;
import dev.openppu.twin.TwinLibrary;
import java.util.function.IntFunction;

/**
 * A hand-over library where the driver has its queue: a message to another thread and an answer through a second queue (median, nanoseconds), and messages one way
 * with 256 in flight (millions a second). Beside it C's ring of packets, which does the same: a packet there and its completion back.
 */
final class HandOverContest implements Contest {
    private static final int CAPACITY = 256;
    private static final int TRIPS = 20_000;
    private static final int MESSAGES = 160_000;
    private static final long STOP = -1;

    private final Cpus cpus = Cpus.ofProcess();
    private final IntFunction<HandOver> library;
    private final Histogram histogram = new Histogram();
    private final HostTwin[] twin = comparable() ? new HostTwin[]{HostTwin.open(CAPACITY)} : new HostTwin[0];

    HandOverContest(IntFunction<HandOver> library) {
        this.library = library;
    }

    @Override
    public Round java() {
        histogram.clear();
        try (Pin _ = cpus.pinHost(); HandOver there = library.apply(CAPACITY); HandOver back = library.apply(CAPACITY)) {
            Thread other = Thread.ofPlatform().daemon().name("hand-over").start(() -> answer(there, back));
            long before = Allocation.bytes();
            roundTrips(there, back);
            long start = System.nanoTime();
            for (int i = 0; i < MESSAGES; i++) {
                there.put(TRIPS + i);
            }
            back.take();
            long nanos = System.nanoTime() - start;
            double bytes = (double) (Allocation.bytes() - before) / (TRIPS + MESSAGES);
            join(other);
            return Round.of(bytes, histogram.percentile(50), 1e3 * MESSAGES / nanos);
        }
    }

    private void roundTrips(HandOver there, HandOver back) {
        for (int i = 0; i < TRIPS; i++) {
            long start = System.nanoTime();
            there.put(i);
            back.take();
            histogram.record(System.nanoTime() - start);
        }
    }

    /** Answers each of the first messages, and of the others the last. */
    private void answer(HandOver there, HandOver back) {
        try (Pin _ = cpus.device() < 0 ? () -> {} : CpuAffinity.pin(cpus.device())) {
            for (int i = 0; i < TRIPS; i++) {
                back.put(there.take());
            }
            long last = STOP;
            for (int i = 0; i < MESSAGES; i++) {
                last = there.take();
            }
            back.put(last);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("a benchmark was interrupted", e);
        }
    }

    @Override
    public double[] c() {
        histogram.clear();
        try (Pin _ = cpus.pinHost(); DeviceTwin _ = twin[0].device(Watch.HEADER, cpus.device())) {
            twin[0].roundTrips(TRIPS, histogram);
            long nanos = twin[0].stream(MESSAGES, 1);
            return new double[]{histogram.percentile(50), 1e3 * MESSAGES / nanos};
        }
    }

    @Override
    public boolean comparable() {
        return TwinLibrary.absence().isEmpty();
    }

    @Override
    public void close() {
        for (HostTwin host : twin) {
            host.close();
        }
    }
}
