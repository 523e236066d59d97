package dev.openppu.driver;

import dev.openppu.abi.error.RecoveryAction;
import java.util.Optional;

/**
 * How a device is.
 *
 * @param state what can be done with it
 * @param epoch counts up by every reset that loses everything, from 1
 * @param draining no new contexts are made; those that there are go on
 * @param action what the published ladder asks for next
 * @param xidsByReset XIDs since the device was opened whose remedy is a reset of the device
 * @param xidsByReboot XIDs whose remedy is a warm reboot
 * @param xidsByPowerCycle XIDs whose remedy is a power cycle
 * @param retiredPages 4 KiB pages of device memory that are out of use
 * @param pendingPages pages of them that the device masks at the next reset only
 * @param failure why it is lost or dead
 */
public record DeviceHealth(DeviceState state, int epoch, boolean draining, RecoveryAction action, int xidsByReset, int xidsByReboot,
        int xidsByPowerCycle, int retiredPages, int pendingPages, Optional<PpuException> failure) {}
