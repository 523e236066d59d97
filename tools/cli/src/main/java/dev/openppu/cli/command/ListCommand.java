package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Table;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.LinkProvider;
import dev.openppu.hal.Links;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;

/** {@code ppu list}: what could be opened. */
@Command(name = "list", sortOptions = false, description = "Lists kinds of links and the devices that can be opened through them, and why others cannot.", footerHeading = "%nExamples:%n", footer = {
    "  ppu list", "  ppu list --json"})
public final class ListCommand implements Callable<Integer> {
    private final Invocation invocation;

    public ListCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (invocation.json()) {
            Json.document(invocation.out(), Json.object("links", Links.providers().stream().map(ListCommand::json).toList(),
                    "devices", Links.list().stream().map(ListCommand::json).toList()));
        } else {
            print(Links.providers(), Links.list());
        }
        return ExitStatus.OK;
    }

    private void print(List<LinkProvider> providers, List<LinkInfo> devices) {
        Table links = new Table("LINK", "OPENED BY");
        providers.forEach(provider -> links.row(provider.scheme(), provider.usage()));
        links.print(invocation.out(), "");
        invocation.out().println();
        Table table = new Table("DEVICE", "ADDRESS", "STATE", "DESCRIPTION");
        devices.forEach(
                device -> table.row(device.uri(), device.address().isEmpty() ? "-" : device.address(), state(device), description(device)));
        table.print(invocation.out(), "");
    }

    private String state(LinkInfo device) {
        return device.openable()
                ? invocation.terminal().paint(Colour.GOOD, "openable")
                : invocation.terminal().paint(Colour.CAUTION, "not openable");
    }

    private static String description(LinkInfo device) {
        return device.remark().isEmpty() ? device.description() : device.description() + "; " + device.remark();
    }

    private static Map<String, Object> json(LinkProvider provider) {
        return Json.object("scheme", provider.scheme(), "usage", provider.usage());
    }

    private static Map<String, Object> json(LinkInfo device) {
        return Json.object("uri", device.uri(), "address", device.address(), "description", device.description(), "openable",
                device.openable(),
                "remark", device.remark());
    }
}
