package dev.openppu.cli.command;

import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.StageLines;
import dev.openppu.cli.console.Table;
import dev.openppu.hal.DeviceLink;

import java.util.Map;

/** The PCI function behind a link. */
final class PciDocument {
    private PciDocument() {}

    static Map<String, Object> of(DeviceLink link) {
        return Json.object("bars", link.bars().stream().map(PciDocument::bar).toList());
    }

    private static Map<String, Object> bar(DeviceLink.Bar bar) {
        return Json.object("index", bar.index(), "bytes", bar.size(), "wide", bar.wide(), "prefetchable", bar.prefetchable());
    }

    static void rows(DeviceLink link, Table table) {
        for (DeviceLink.Bar bar : link.bars()) {
            table.row("BAR" + bar.index(),
                    StageLines.bytes(bar.size()) + (bar.wide() ? ", 64-bit" : ", 32-bit") + (bar.prefetchable() ? ", prefetchable" : ""));
        }
    }
}
