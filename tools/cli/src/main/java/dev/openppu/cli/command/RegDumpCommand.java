package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Table;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.cli.register.Decoding;
import dev.openppu.cli.register.LocatedRegister;
import dev.openppu.cli.register.RegisterCatalog;
import dev.openppu.cli.register.RegisterPort;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ppu reg dump}: many registers, one line each. */
@Command(name = "dump", sortOptions = false, description = "Reads whole blocks, a line a register. Elements of arrays that are as a reset leaves them are counted, not shown; registers whose "
        + "read changes the device are skipped.", footerHeading = "%nExamples:%n", footer = {"  ppu reg dump", "  ppu reg dump boot fw",
            "  ppu reg dump --boot queue --all"})
final class RegDumpCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final Supplier<RegisterCatalog> catalog;

    @Mixin
    private final DeviceChoice device = new DeviceChoice();

    @Option(names = "--all", description = "Show array elements at their reset values, too.")
    private boolean all;

    @Option(names = "--side-effects", description = "Read registers whose read changes the device, too.")
    private boolean sideEffects;

    @Parameters(paramLabel = "BLOCK", arity = "0..*", description = "Blocks or registers; without any, everything.")
    private List<String> names = new ArrayList<>();

    RegDumpCommand(Invocation invocation, Supplier<RegisterCatalog> catalog) {
        this.invocation = invocation;
        this.catalog = catalog;
    }

    /** One register and its value, if it was read. */
    private record Reading(LocatedRegister register, OptionalLong value) {
        boolean atReset() {
            return value.isEmpty() || value.getAsLong() == register.reset();
        }
    }

    @Override
    public Integer call() {
        RegisterCatalog registers = catalog.get();
        List<LocatedRegister> chosen = names.isEmpty()
                ? registers.all()
                : names.stream().flatMap(name -> registers.select(name).registers().stream()).toList();
        try (OpenDevice open = device.open(invocation.options())) {
            List<Reading> readings = chosen.stream().map(register -> new Reading(register, read(register, open.registers()))).toList();
            if (invocation.json()) {
                Json.document(invocation.out(), Json.object("registers", readings.stream().map(this::json).toList()));
            } else {
                print(readings);
            }
        }
        return ExitStatus.OK;
    }

    private OptionalLong read(LocatedRegister register, RegisterPort port) {
        return skipReason(register).isEmpty() ? OptionalLong.of(port.read(register)) : OptionalLong.empty();
    }

    private String skipReason(LocatedRegister register) {
        if (!register.register().isReadable()) {
            return "write-only";
        }
        return register.readHasEffect() && !sideEffects ? "not read: reading changes it (--side-effects)" : "";
    }

    private Map<String, Object> json(Reading reading) {
        if (reading.value.isPresent()) {
            return Decoding.json(reading.register, reading.value.getAsLong());
        }
        Map<String, Object> object = Decoding.place(reading.register);
        object.put("skipped", skipReason(reading.register));
        return object;
    }

    private void print(List<Reading> readings) {
        Map<String, List<Reading>> elements = new LinkedHashMap<>();
        readings.forEach(reading -> elements.computeIfAbsent(element(reading.register), name -> new ArrayList<>()).add(reading));
        Table table = new Table("REGISTER", "OFFSET", "VALUE", "FIELDS");
        Map<String, Integer> hidden = new LinkedHashMap<>();
        elements.forEach((name, element) -> {
            if (!all && name.endsWith("]") && element.stream().allMatch(Reading::atReset)) {
                hidden.merge(name.substring(0, name.lastIndexOf('[')), 1, Integer::sum);
            } else {
                element.forEach(reading -> add(table, reading));
            }
        });
        table.print(invocation.out(), "");
        hidden.forEach((array, count) -> invocation.out().println(invocation.terminal().paint(Colour.FAINT,
                count + " elements of " + array + " are as a reset leaves them (--all shows them)")));
    }

    /** What is shown or hidden as one: a block with its index, or one register. */
    private static String element(LocatedRegister register) {
        return register.block().endsWith("]") ? register.block() : register.path();
    }

    private void add(Table table, Reading reading) {
        LocatedRegister register = reading.register;
        String offset = String.format(Locale.ROOT, "BAR%d+0x%05x", register.bar(), register.offset());
        if (reading.value.isPresent()) {
            long raw = reading.value.getAsLong();
            table.row(register.path(), offset, Decoding.hex(register, raw), Decoding.line(register, raw));
        } else {
            table.row(register.path(), offset, "-", invocation.terminal().paint(Colour.FAINT, skipReason(register)));
        }
    }
}
