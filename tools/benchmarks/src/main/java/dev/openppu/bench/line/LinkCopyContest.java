package dev.openppu.bench.line;

import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.ServedPpu;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.twin.TwinLibrary;

/** Copies of pinned memory by the driver over a vfio-user link, each waited for, beside memcpy of the same; GB/s. */
final class LinkCopyContest implements Contest {
    private static final int BYTES = 1 << 20;
    private static final long BUFFER_BYTES = 32 << 20;

    private final ServedPpu served = new ServedPpu();
    private final Ppu ppu;
    private final DriverCopies driver;

    /**
     * @param options of the link
     * @param copies of a round, each way
     */
    LinkCopyContest(String options, int copies) {
        ppu = Ppu.open(served.open(options), PpuOptions.defaults());
        driver = new DriverCopies(ppu.createContext(), BYTES, copies, BUFFER_BYTES);
    }

    @Override
    public Round java() {
        return Round.withoutAllocation(driver.pinnedDown(), driver.pinnedUp());
    }

    @Override
    public double[] c() {
        double rate = driver.memcpy();
        return new double[]{rate, rate};
    }

    @Override
    public boolean comparable() {
        return TwinLibrary.absence().isEmpty();
    }

    @Override
    public void close() {
        ppu.close();
        served.close();
        driver.close();
    }
}
