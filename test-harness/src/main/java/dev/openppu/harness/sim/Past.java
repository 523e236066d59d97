package dev.openppu.harness.sim;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.XidEvent;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.link.ModelLink;
import java.util.List;

/** What was reported of a device before a {@link Shift}. */
record Past(int epoch, List<XidEvent> xids, List<RecoveryEvent> recoveries, long dmaFaults, List<FaultReport> latched) {
    /** Of a device that was powered on just now. */
    static final Past NONE = new Past(1, List.of(), List.of(), 0, List.of());

    /** Of a device that has lived for a while. */
    static Past of(ModelLink link, Ppu ppu) {
        return new Past(ppu.epoch(), ppu.xids(), ppu.recoveries(), link.dmaFaultCount(), link.faults().latched());
    }
}
