package dev.openppu.hal.udev;

import com.sun.jna.Native;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.hotplug.FunctionEvents;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens monitors of udev's. */
public final class UdevSource implements FunctionEvents.Source {
    /** There while udev runs: then its events come when it is done with a device, rights of its files included. */
    private static final Path RUNNING = Path.of("/run/udev/control");

    private final String library;

    public UdevSource() {
        this("udev");
    }

    /** @param library its name without prefix and suffix */
    UdevSource(String library) {
        this.library = library;
    }

    @Override
    public FunctionEvents open() {
        try {
            return UdevEvents.open(Native.load(library, MonitorFunctions.class), Native.load("c", PollFunction.class),
                    Files.exists(RUNNING) ? "udev" : "kernel");
        } catch (UnsatisfiedLinkError e) {
            throw new LinkException(
                    "nothing here tells of PCI functions that come and go: there is no lib%s (package libudev1, or systemd-libs)".formatted(
                            library),
                    e);
        }
    }
}
