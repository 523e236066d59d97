package dev.openppu.driver.owner;

import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.DeviceLink;

/** Brings a device up, stage by stage. */
public final class BringUp {
    private BringUp() {
    }

    public static DeviceOwner of(DeviceLink link, PpuOptions options) {
        throw new UnsupportedOperationException(link + " " + options);
    }
}
