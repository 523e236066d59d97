package dev.openppu.driver.owner;

import dev.openppu.driver.PpuException;
import dev.openppu.driver.RecoveryEvent;
import java.util.List;

/** Hears what becomes of one epoch of a device. Must not wait. */
interface EpochListener {
    /** The device is lost: nothing more is sent to it in this epoch. Called once, on whatever thread found out. */
    void lost(DeviceOwner owner, PpuException why);

    /** What was done about the device so far. */
    List<RecoveryEvent> recoveries();

    /** A part of the device was reset and the epoch goes on, or not. */
    void recovered(RecoveryEvent event);
}
