package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Table;
import dev.openppu.driver.FirmwareSlots;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.PpuOptions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code ppu fw show}: what runs, and what the flash holds. */
@Command(name = "show", sortOptions = false, description = "Tells which firmware runs and what the slots in flash hold.")
final class FwShowCommand implements Callable<Integer> {
    private final Invocation invocation;

    FwShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (Ppu ppu = Ppu.open(invocation.options().deviceUri(), PpuOptions.defaults())) {
            PpuInfo info = ppu.info();
            FirmwareSlots slots = ppu.firmwareSlots();
            if (invocation.json()) {
                Json.document(invocation.out(), json(info, slots));
            } else {
                table(info, slots).print(invocation.out(), "");
            }
        }
        return ExitStatus.OK;
    }

    static Map<String, Object> json(PpuInfo info, FirmwareSlots slots) {
        return Json.object("firmware", info.firmwareVersion().toString(), "messageAbi", info.messageAbi().toString(), "active",
                String.valueOf(slots.active()),
                "versionA", slots.versionA().map(PpuInfo.Version::toString).orElse(null), "versionB",
                slots.versionB().map(PpuInfo.Version::toString).orElse(null), "trying", slots.trying(), "booted",
                slots.booted().map(String::valueOf).orElse(null),
                "fellBack", slots.fellBack(), "slotBytes", slots.slotBytes());
    }

    private static Table table(PpuInfo info, FirmwareSlots slots) {
        Table table = new Table();
        table.row("firmware", info.firmwareVersion() + ", message interface " + info.messageAbi());
        table.row("came from", slots.booted().map(slot -> "slot " + slot).orElse("the host"));
        table.row("slot A", content(slots.versionA()) + (slots.active() == 'A' ? ", active" : ""));
        table.row("slot B", content(slots.versionB()) + (slots.active() == 'B' ? ", active" : ""));
        table.row("next boot from flash", slots.trying() ? "tries the other slot once" : "slot " + slots.active());
        if (slots.fellBack()) {
            table.row("last try", "failed; the device went back to slot " + slots.active());
        }
        return table;
    }

    private static String content(Optional<PpuInfo.Version> version) {
        return version.map(v -> "version " + v).orElse("no image that may boot");
    }
}
