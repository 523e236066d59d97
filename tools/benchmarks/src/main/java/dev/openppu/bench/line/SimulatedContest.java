package dev.openppu.bench.line;

import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.DriverQueue;
import dev.openppu.bench.host.OpenPpu;
import dev.openppu.bench.host.PlainRing;
import dev.openppu.driver.Ppu;

/**
 * Barrier packets under the simulated clock, driver and model in one thread, in batches of a ring, trace and faults off; millions a second of real time. Beside them a
 * plain Java ring in the same thread, with as many packets in flight.
 */
final class SimulatedContest implements Contest {
    private static final int LOG2_PACKETS = 8;
    private static final int PACKETS = 1 << 15;

    private final Ppu ppu = OpenPpu.at(OpenPpu.SIMULATED);
    private final DriverQueue queue = OpenPpu.queue(ppu, LOG2_PACKETS);
    private final PlainRing plain = new PlainRing(LOG2_PACKETS);

    @Override
    public Round java() {
        long before = Allocation.bytes();
        long start = System.nanoTime();
        for (int done = 0; done < PACKETS; done += 1 << LOG2_PACKETS) {
            queue.await(queue.submit(1 << LOG2_PACKETS));
        }
        long nanos = System.nanoTime() - start;
        double rate = 1e3 * PACKETS / nanos;
        return Round.of((double) (Allocation.bytes() - before) / PACKETS, rate, rate);
    }

    @Override
    public double[] c() {
        double rate = 1e3 * PACKETS / plain.run(PACKETS);
        return new double[]{Double.NaN, rate};
    }

    /** The plain ring is Java's. */
    @Override
    public boolean comparable() {
        return true;
    }

    @Override
    public boolean busy() {
        return true;
    }

    @Override
    public void close() {
        plain.close();
        ppu.close();
    }
}
