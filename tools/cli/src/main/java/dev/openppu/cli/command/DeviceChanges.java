package dev.openppu.cli.command;

import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.hotplug.FunctionEvent;
import dev.openppu.hal.hotplug.FunctionEvent.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What has changed among the devices that could be opened. */
final class DeviceChanges {
    private final Map<String, LinkInfo> known = new LinkedHashMap<>();

    /** What happened to a device; one that went is told as it was last seen. */
    record Change(What what, LinkInfo device) {}

    /** The words that are printed. */
    enum What {
        THERE, CAME, WENT, CHANGED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The first look. */
    List<Change> begin(List<LinkInfo> devices) {
        devices.forEach(device -> known.put(device.uri(), device));
        return devices.stream().map(device -> new Change(What.THERE, device)).toList();
    }

    /** The look after an event. A function that went has gone, even if it is there again by now. */
    List<Change> after(FunctionEvent event, List<LinkInfo> devices) {
        List<Change> changes = new ArrayList<>();
        List<LinkInfo> gone = known.values().stream().filter(
                device -> event.kind() == Kind.WENT && device.address().equals(event.address()) || !there(device, devices)).toList();
        gone.forEach(device -> {
            known.remove(device.uri());
            changes.add(new Change(What.WENT, device));
        });
        for (LinkInfo device : devices) {
            LinkInfo before = known.put(device.uri(), device);
            if (!device.equals(before)) {
                changes.add(new Change(before == null ? What.CAME : What.CHANGED, device));
            }
        }
        return changes;
    }

    private static boolean there(LinkInfo device, List<LinkInfo> devices) {
        return devices.stream().anyMatch(other -> other.uri().equals(device.uri()));
    }
}
