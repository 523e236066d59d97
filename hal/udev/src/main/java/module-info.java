import org.jspecify.annotations.NullMarked;

/** PCI functions that come, go and change their driver, as libudev tells of them. */
@NullMarked
module dev.openppu.hal.udev {
    requires static org.jspecify;
    requires com.sun.jna;
    requires com.sun.jna.platform;
    requires dev.openppu.hal;

    // JNA implements the interfaces by reflection.
    opens dev.openppu.hal.udev to com.sun.jna;

    provides dev.openppu.hal.hotplug.FunctionEvents.Source with dev.openppu.hal.udev.UdevSource;
}
