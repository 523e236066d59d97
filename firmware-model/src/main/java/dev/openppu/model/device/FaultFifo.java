package dev.openppu.model.device;

import dev.openppu.model.census.Census;
import dev.openppu.model.census.FaultReport;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Where hardware latches faults for the firmware; bounded, as hardware is: what does not fit is lost. */
public final class FaultFifo {
    private static final int DEPTH = 128;

    private final ArrayDeque<FaultReport> reports = new ArrayDeque<>();
    private final Census census;
    private final Runnable notEmpty;

    /** @param notEmpty called after each report that was latched */
    FaultFifo(Census census, Runnable notEmpty) {
        this.census = census;
        this.notEmpty = notEmpty;
    }

    void latch(FaultReport report) {
        if (reports.size() < DEPTH) {
            reports.add(report);
            census.latched(report);
            notEmpty.run();
        }
    }

    @Nullable
    FaultReport next() {
        return reports.poll();
    }

    void clear() {
        reports.clear();
    }
}
