package dev.openppu.hal.udev;

import com.sun.jna.Pointer;
import com.sun.jna.PointerType;
import com.sun.jna.platform.linux.Udev;
import org.jspecify.annotations.Nullable;

/** What jna-platform's {@link Udev} leaves out of libudev.h: monitors, and what they say of a device. */
interface MonitorFunctions extends Udev {
    /** {@code struct udev_monitor}. */
    final class UdevMonitor extends PointerType {
        /** For JNA. */
        public UdevMonitor() {}

        /** For JNA. */
        public UdevMonitor(Pointer address) {
            super(address);
        }
    }

    @Nullable
    UdevMonitor udev_monitor_new_from_netlink(UdevContext udev, String name);

    int udev_monitor_filter_add_match_subsystem_devtype(UdevMonitor monitor, String subsystem, @Nullable String devtype);

    int udev_monitor_enable_receiving(UdevMonitor monitor);

    int udev_monitor_get_fd(UdevMonitor monitor);

    @Nullable
    UdevDevice udev_monitor_receive_device(UdevMonitor monitor);

    @Nullable
    UdevMonitor udev_monitor_unref(UdevMonitor monitor);

    @Nullable
    String udev_device_get_action(UdevDevice device);
}
