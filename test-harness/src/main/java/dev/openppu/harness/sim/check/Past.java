package dev.openppu.harness.sim.check;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.XidEvent;
import dev.openppu.model.census.DeviceReset;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.link.ModelLink;
import java.util.List;

/** What was reported of a device before tenants went to work on it. */
public record Past(int epoch, List<XidEvent> xids, List<RecoveryEvent> recoveries, long dmaFaults, List<FaultReport> latched,
        long busResets, long queueResets) {
    /** Of a device that was powered on just now. */
    public static final Past NONE = new Past(1, List.of(), List.of(), 0, List.of(), 0, 0);

    /** Of a device that has lived for a while. */
    public static Past of(ModelLink link, Ppu ppu) {
        return new Past(ppu.epoch(), ppu.xids(), ppu.recoveries(), link.dmaFaultCount(), link.faults().latched(),
                link.faults().census().resets(DeviceReset.SECONDARY_BUS), link.faults().census().resets(DeviceReset.QUEUE));
    }
}
