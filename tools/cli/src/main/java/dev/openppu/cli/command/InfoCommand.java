package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.StageLines;
import dev.openppu.cli.console.Table;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Unobservable;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;

/** {@code ppu info}: what a device is. */
@Command(name = "info", sortOptions = false, description = "Brings the device up and tells what it is: identity, PCI function, memory, queues, firmware, capabilities.", footerHeading = "%nExamples:%n", footer = {
    "  ppu info", "  ppu info --device 'model:zw810e?clock=sim&seed=1' --json"})
public final class InfoCommand implements Callable<Integer> {
    private final Invocation invocation;

    public InfoCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (Ppu ppu = Ppu.open(invocation.options().deviceUri(), PpuOptions.defaults())) {
            if (invocation.json()) {
                Map<String, Object> document = InfoDocument.of(ppu.info());
                document.put("pci", PciDocument.of(ppu.link()));
                Json.document(invocation.out(), document);
            } else {
                table(ppu.info(), ppu.link()).print(invocation.out(), "");
            }
        }
        return ExitStatus.OK;
    }

    private static Table table(PpuInfo info, DeviceLink link) {
        Table table = new Table();
        table.row("product", info.product()).row("serial", Json.hex(info.serial())).row("link",
                info.link().uri() + ", " + info.link().description());
        PciDocument.rows(link, table);
        table.row("host interface", info.abi().toString()).row("boot ROM", info.romVersion().toString());
        table.row("firmware", info.firmwareVersion() + ", message interface " + info.messageAbi());
        table.row("memory", StageLines.bytes(info.memoryBytes()) + " (" + info.memoryBytes() + " bytes)");
        table.row("address spaces", info.contexts() + " of " + info.virtualAddressBits() + " bits");
        table.row("queues", info.queues() + ", " + info.vectors() + " MSI-X vectors");
        table.row("compute", info.computeUnits() + " units in " + info.computeEngines() + " engines");
        table.row("copy engines", String.valueOf(info.copyEngines())).row("ICN links", String.valueOf(info.icnLinks()));
        table.row("blocks", blocks(info, true)).row("absent blocks", blocks(info, false));
        for (Unobservable hidden : link.unobservable()) {
            table.row("not observable", hidden.what() + ": " + hidden.reason());
        }
        return table;
    }

    private static String blocks(PpuInfo info, boolean present) {
        String names = InfoDocument.capabilities(info.capabilities()).entrySet().stream().filter(block -> block.getValue().equals(present))
                .map(Map.Entry::getKey).collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }
}
