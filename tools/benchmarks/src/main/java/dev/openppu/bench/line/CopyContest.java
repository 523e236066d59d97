package dev.openppu.bench.line;

import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.OpenPpu;
import dev.openppu.driver.Ppu;
import dev.openppu.twin.TwinLibrary;

/**
 * Copies through the whole driver and the model's copy engine by the synchronous calls, beside memcpy of the same; GB/s. Each is waited for, but for pageable memory to the
 * device, which returns when the source was read.
 */
final class CopyContest implements Contest {
    private static final long BUFFER_BYTES = 64 << 20;
    private static final long ROUND_BYTES = 16 << 20;

    private final int copies;
    private final Ppu ppu = OpenPpu.at(OpenPpu.FREE_RUNNING);
    private final DriverCopies driver;

    /** @param bytes of one copy, a power of two, at most {@link #BUFFER_BYTES} */
    CopyContest(int bytes) {
        copies = (int) Math.max(1, ROUND_BYTES / bytes);
        driver = new DriverCopies(ppu.createContext(), bytes, copies, BUFFER_BYTES);
    }

    @Override
    public Round java() {
        long before = Allocation.bytes();
        double[] rates = {driver.pinnedDown(), driver.pinnedUp(), driver.pageableDown(), driver.pageableUp()};
        return Round.of((double) (Allocation.bytes() - before) / (copies * rates.length), rates);
    }

    @Override
    public double[] c() {
        double rate = driver.memcpy();
        return new double[]{rate, rate, rate, rate};
    }

    @Override
    public boolean comparable() {
        return TwinLibrary.absence().isEmpty();
    }

    @Override
    public void close() {
        ppu.close();
        driver.close();
    }
}
