package dev.openppu.cli.command;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Table;
import dev.openppu.cli.register.Decoding;
import dev.openppu.cli.register.LocatedRegister;
import dev.openppu.cli.register.RegisterCatalog;
import dev.openppu.cli.register.RegisterCatalog.Selection;
import dev.openppu.cli.register.RegisterPort;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ppu reg read}: registers and fields by name, with what they mean. */
@Command(name = "read", sortOptions = false, description = "Reads registers or fields and shows what they mean. A read with side effects happens, because you asked for it.", footerHeading = "%nExamples:%n", footer = {
    "  ppu reg read boot.status", "  ppu reg read --boot fw.version queue[0].status.state"})
final class RegReadCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final Supplier<RegisterCatalog> catalog;

    @Mixin
    private final DeviceChoice device = new DeviceChoice();

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Registers, fields or blocks.")
    private List<String> names = new ArrayList<>();

    RegReadCommand(Invocation invocation, Supplier<RegisterCatalog> catalog) {
        this.invocation = invocation;
        this.catalog = catalog;
    }

    @Override
    public Integer call() {
        RegisterCatalog registers = catalog.get();
        List<Selection> selections = names.stream().map(registers::select).toList();
        selections.forEach(RegReadCommand::requireReadable);
        try (OpenDevice open = device.open(invocation.options())) {
            List<Map<String, Object>> documents = new ArrayList<>();
            selections.forEach(selection -> read(selection, open.registers(), documents));
            if (invocation.json()) {
                Json.document(invocation.out(), Json.object("registers", documents));
            }
        }
        return ExitStatus.OK;
    }

    private static void requireReadable(Selection selection) {
        LocatedRegister first = selection.registers().getFirst();
        boolean readable = selection.field().map(field -> field.sw().canRead())
                .orElse(selection.registers().stream().anyMatch(each -> each.register().isReadable()));
        if (!readable) {
            throw new BadInputException(
                    "'" + first.path() + selection.field().map(field -> "." + field.name()).orElse("") + "' is write-only");
        }
    }

    private void read(Selection selection, RegisterPort port, List<Map<String, Object>> documents) {
        for (LocatedRegister register : selection.registers()) {
            if (register.register().isReadable()) {
                long raw = port.read(register);
                if (invocation.json()) {
                    documents.add(Decoding.json(register, raw));
                } else {
                    print(register, selection, raw);
                }
            }
        }
    }

    private void print(LocatedRegister register, Selection selection, long raw) {
        if (selection.field().isPresent()) {
            Field field = selection.field().get();
            invocation.out().println(register.path() + "." + field.name() + " = " + Decoding.value(field, raw));
            return;
        }
        invocation.out().println(register.path() + " = " + Decoding.hex(register, raw));
        Table table = new Table();
        register.register().fields().stream().filter(field -> field.sw().canRead())
                .forEach(field -> table.row(field.name(), "[" + Decoding.bits(field) + "]",
                        Decoding.value(field, raw), meaning(field, raw)));
        table.print(invocation.out(), "  ");
    }

    private static String meaning(Field field, long raw) {
        return Decoding.entry(field, LocatedRegister.extract(field, raw)).map(EnumType.Entry::description)
                .orElse(field.description() == null ? "" : field.description());
    }
}
