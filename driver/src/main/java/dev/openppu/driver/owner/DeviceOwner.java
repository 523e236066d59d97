package dev.openppu.driver.owner;

import dev.openppu.driver.Inventory;
import dev.openppu.driver.PpuInfo;

/** A device that was brought up, seen from the owner's side. */
public interface DeviceOwner extends AutoCloseable {
    String name();

    PpuInfo info();

    OwnerService service();

    XidLog xids();

    long deviceTime();

    void setWatchdogCycles(long cycles);

    boolean lost();

    Inventory inventory();

    @Override
    void close();
}
