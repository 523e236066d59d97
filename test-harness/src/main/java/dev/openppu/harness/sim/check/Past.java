package dev.openppu.harness.sim.check;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.XidEvent;
import dev.openppu.model.census.DeviceReset;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.link.ModelLink;
import java.util.List;

/**
 * What was reported of a device before tenants went to work on it.
 *
 * @param nanos when that was, by the link's clock
 */
public record Past(long nanos, int epoch, List<XidEvent> xids, long dmaFaults, List<FaultReport> latched,
        long busResets, long queueResets) {
    /** Of a device that was powered on just now. */
    public static final Past NONE = new Past(-1, 1, List.of(), 0, List.of(), 0, 0);

    /** Of a device that has lived for a while. */
    public static Past of(ModelLink link, Ppu ppu) {
        return new Past(link.runtime().nanos(), ppu.epoch(), ppu.xids(), link.dmaFaultCount(), link.faults().latched(),
                link.faults().census().resets(DeviceReset.SECONDARY_BUS), link.faults().census().resets(DeviceReset.QUEUE));
    }
}
