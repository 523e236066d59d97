package dev.openppu.bench.line;

import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.PlainRing;
import dev.openppu.twin.RingTwin;
import dev.openppu.twin.TwinLibrary;

/** A ring of 64-byte packets in one thread, in Java and in C; millions of packets a second. */
final class PlainRingContest implements Contest {
    private static final int PACKETS = 1 << 18;

    private final PlainRing ring = new PlainRing(8);

    @Override
    public Round java() {
        long before = Allocation.bytes();
        long nanos = ring.run(PACKETS);
        return Round.of((double) (Allocation.bytes() - before) / PACKETS, 1e3 * PACKETS / nanos);
    }

    @Override
    public double[] c() {
        return new double[]{1e3 * PACKETS / RingTwin.run(ring.memory(), PACKETS, ring.signal())};
    }

    @Override
    public boolean comparable() {
        return TwinLibrary.absence().isEmpty();
    }

    @Override
    public boolean busy() {
        return true;
    }

    @Override
    public void close() {
        ring.close();
    }
}
