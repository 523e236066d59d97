package dev.openppu.cli.command;

import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.StageLines;
import dev.openppu.cli.console.Table;
import dev.openppu.driver.owner.Probe;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.PciRegister;

import java.util.Locale;
import java.util.Map;

/** The PCI function behind a link. */
final class PciDocument {
    private PciDocument() {}

    static Map<String, Object> of(DeviceLink link) {
        Probe probe = Probe.of(link);
        return Json.object("address", link.identity().address(), "id", id(probe), "revision", probe.revision(), "class", classCode(probe),
                "capabilities", probe.capabilities().stream().map(PciDocument::capability).toList(), "bars",
                link.bars().stream().map(PciDocument::bar).toList(),
                "resets", link.resets().stream().sorted().map(Enum::name).toList());
    }

    private static Map<String, Object> capability(Capability capability) {
        return Json.object("id", capability.id(), "name", name(capability), "offset", Json.hex(capability.offset()), "extended",
                capability.extended());
    }

    private static Map<String, Object> bar(DeviceLink.Bar bar) {
        return Json.object("index", bar.index(), "bytes", bar.size(), "wide", bar.wide(), "prefetchable", bar.prefetchable());
    }

    static void rows(DeviceLink link, Table table) {
        Probe probe = Probe.of(link);
        table.row("PCI function",
                id(probe) + " at " + link.identity().address() + ", revision " + String.format(Locale.ROOT, "%02x", probe.revision())
                        + ", class "
                        + classCode(probe));
        table.row("capabilities", String.join(", ", probe.capabilities().stream().map(PciDocument::name).toList()));
        for (DeviceLink.Bar bar : link.bars()) {
            table.row("BAR" + bar.index(),
                    StageLines.bytes(bar.size()) + (bar.wide() ? ", 64-bit" : ", 32-bit") + (bar.prefetchable() ? ", prefetchable" : ""));
        }
        table.row("resets", String.join(", ", link.resets().stream().sorted().map(Enum::name).toList()));
    }

    private static String id(Probe probe) {
        return String.format(Locale.ROOT, "%04x:%04x", probe.vendor(), probe.deviceId());
    }

    private static String classCode(Probe probe) {
        return String.format(Locale.ROOT, "%06x", probe.classCode());
    }

    private static String name(Capability capability) {
        if (capability.extended()) {
            return switch (capability.id()) {
                case PciRegister.Aer.ID -> "AER";
                case PciRegister.SerialNumber.ID -> "serial number";
                case PciRegister.ResizableBar.ID -> "resizable BAR";
                default -> String.format(Locale.ROOT, "extended %04x", capability.id());
            };
        }
        return switch (capability.id()) {
            case PciRegister.PowerManagement.ID -> "power management";
            case PciRegister.VendorSpecific.ID -> "vendor-specific";
            case PciRegister.Express.ID -> "PCI Express";
            case PciRegister.Msix.ID -> "MSI-X";
            default -> String.format(Locale.ROOT, "%02x", capability.id());
        };
    }
}
