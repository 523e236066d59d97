package dev.openppu.cli.command;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Table;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.Links;
import dev.openppu.hal.hotplug.FunctionEvents;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ppu list}: what could be opened. */
@Command(name = "list", sortOptions = false, description = "Lists kinds of links and the devices that can be opened through them, and why others cannot.", footerHeading = "%nExamples:%n", footer = {
    "  ppu list", "  ppu list --json", "  ppu list --watch       devices as they come, go and change, until Ctrl-C"})
public final class ListCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** The launcher's: how links are written whose modules it adds where they are named, semicolons between. */
    private static final String ON_DEMAND = "PPU_LINKS_ON_DEMAND";

    private final Invocation invocation;
    private final List<Way> onDemand;

    /** How the links of a scheme are written. */
    private record Way(String scheme, String usage) {}

    @Option(names = "--watch", order = 1, description = "Print devices, one a line, then what comes, goes or changes its driver, as udev or the kernel tells.")
    private boolean watch;

    @Option(names = "--seconds", order = 2, paramLabel = "N", description = "End watching after N seconds; default: never.")
    private long seconds = Long.MAX_VALUE;

    public ListCommand(Invocation invocation) {
        this(invocation, System.getenv().getOrDefault(ON_DEMAND, ""));
    }

    /** @param onDemand links that are there when they are named: {@code scheme:TARGET}, semicolons between */
    ListCommand(Invocation invocation, String onDemand) {
        this.invocation = invocation;
        this.onDemand = Stream.of(onDemand.split(";")).filter(usage -> usage.indexOf(':') > 0)
                .map(usage -> new Way(usage.substring(0, usage.indexOf(':')), usage)).toList();
    }

    private List<Way> ways() {
        List<Way> loaded = Links.providers().stream().map(provider -> new Way(provider.scheme(), provider.usage())).toList();
        return Stream
                .concat(loaded.stream(), onDemand.stream().filter(way -> loaded.stream().noneMatch(l -> l.scheme().equals(way.scheme()))))
                .sorted(Comparator.comparing(Way::scheme)).toList();
    }

    @Override
    public Integer call() {
        if (watch) {
            watch();
        } else if (invocation.json()) {
            Json.document(invocation.out(), Json.object("links", ways().stream().map(ListCommand::json).toList(),
                    "devices", Links.list().stream().map(ListCommand::json).toList()));
        } else {
            print(ways(), Links.list());
        }
        return ExitStatus.OK;
    }

    private void watch() {
        try (FunctionEvents events = FunctionEvents.open()) {
            DeviceChanges changes = new DeviceChanges();
            changes.begin(Links.list()).forEach(this::tell);
            long begun = System.nanoTime();
            while (!Thread.currentThread().isInterrupted() && TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) < seconds) {
                events.await(LOOK).ifPresent(event -> changes.after(event, Links.list()).forEach(this::tell));
            }
        } catch (LinkException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
    }

    private void tell(DeviceChanges.Change change) {
        LinkInfo device = change.device();
        if (invocation.json()) {
            Json.line(invocation.out(), Json.object("event", change.what().word(), "device", json(device)));
        } else {
            invocation.out().println("%-8s %s  %s  %s".formatted(change.what().word(), device.uri(), state(device), description(device)));
            invocation.out().flush();
        }
    }

    private void print(List<Way> ways, List<LinkInfo> devices) {
        Table links = new Table("LINK", "OPENED BY");
        ways.forEach(way -> links.row(way.scheme(), way.usage()));
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

    private static Map<String, Object> json(Way way) {
        return Json.object("scheme", way.scheme(), "usage", way.usage());
    }

    private static Map<String, Object> json(LinkInfo device) {
        return Json.object("uri", device.uri(), "address", device.address(), "description", device.description(), "openable",
                device.openable(),
                "remark", device.remark());
    }
}
