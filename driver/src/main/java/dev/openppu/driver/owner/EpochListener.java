package dev.openppu.driver.owner;

import dev.openppu.driver.RecoveryEvent;
import java.util.List;

/** Hears what becomes of one epoch of a device. Must not wait. */
interface EpochListener {
    /** The device is being lost; whether it will be reset without being asked: then {@link #recover} follows. On whatever thread found out. */
    boolean losing(DeviceOwner owner);

    /** The device is lost and everybody has heard it: begins the reset that {@link #losing} has promised. */
    void recover(DeviceOwner owner);

    /** What was done about the device so far. */
    List<RecoveryEvent> recoveries();

    /** A part of the device was reset and the epoch goes on, or not. */
    void recovered(RecoveryEvent event);
}
