package dev.openppu.harness.sim.check;

import dev.openppu.abi.error.Remedy;
import dev.openppu.driver.DeviceHealth;
import dev.openppu.driver.XidEvent;
import java.util.Collection;

/**
 * How many XIDs ask for a reset of the device, a reboot of its host, and a power cycle: each counts under its own remedy only.
 */
public record CountedXids(long resets, long reboots, long powerCycles) {
    /** Of what was reported. */
    public static CountedXids of(Collection<XidEvent> xids) {
        return new CountedXids(count(xids, Remedy.DEVICE_RESET), count(xids, Remedy.OS_REBOOT), count(xids, Remedy.POWER_CYCLE));
    }

    /** As the driver has counted. */
    public static CountedXids of(DeviceHealth health) {
        return new CountedXids(health.xidsByReset(), health.xidsByReboot(), health.xidsByPowerCycle());
    }

    private static long count(Collection<XidEvent> xids, Remedy remedy) {
        return xids.stream().filter(xid -> xid.remedy() == remedy).count();
    }

    /** Whether it was counted between two others. */
    public boolean between(CountedXids least, CountedXids most) {
        return resets >= least.resets && resets <= most.resets && reboots >= least.reboots && reboots <= most.reboots
                && powerCycles >= least.powerCycles && powerCycles <= most.powerCycles;
    }
}
