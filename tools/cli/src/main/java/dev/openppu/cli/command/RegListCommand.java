package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Table;
import dev.openppu.cli.register.Decoding;
import dev.openppu.cli.register.LocatedRegister;
import dev.openppu.cli.register.RegisterCatalog;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ppu reg list}: which registers there are; opens no device. */
@Command(name = "list", sortOptions = false, description = "Lists registers without opening a device; with their fields if you name a block or a register.", footerHeading = "%nExamples:%n", footer = {
    "  ppu reg list", "  ppu reg list boot", "  ppu reg list queue.control"})
final class RegListCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final Supplier<RegisterCatalog> catalog;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Blocks, registers or fields; without a name, all registers.")
    private List<String> names = new ArrayList<>();

    RegListCommand(Invocation invocation, Supplier<RegisterCatalog> catalog) {
        this.invocation = invocation;
        this.catalog = catalog;
    }

    @Override
    public Integer call() {
        List<LocatedRegister> registers = new ArrayList<>();
        if (names.isEmpty()) {
            registers.addAll(catalog.get().all());
        }
        names.forEach(name -> registers.addAll(catalog.get().select(name).registers()));
        if (invocation.json()) {
            Json.document(invocation.out(), Json.object("registers", registers.stream().map(RegListCommand::json).toList()));
        } else {
            print(registers);
        }
        return ExitStatus.OK;
    }

    /** One line for all elements of an array: their registers differ in nothing but the offset. */
    private void print(List<LocatedRegister> registers) {
        Map<String, List<LocatedRegister>> byName = new LinkedHashMap<>();
        registers.forEach(register -> byName.computeIfAbsent(register.bar() + ":" + register.path().replaceAll("\\[\\d+\\]", "[]"),
                name -> new ArrayList<>()).add(register));
        Table table = new Table("REGISTER", "BAR", "OFFSET", "BITS", "ACCESS", "DESCRIPTION");
        byName.values().forEach(same -> add(table, same));
        table.print(invocation.out(), "");
    }

    private void add(Table table, List<LocatedRegister> same) {
        LocatedRegister first = same.getFirst();
        String path = same.size() == 1 ? first.path() : first.path() + " .. " + lastIndices(same.getLast());
        table.row(path, "BAR" + first.bar(), String.format(Locale.ROOT, "0x%05x", first.offset()), String.valueOf(first.register().width()),
                first.access(),
                text(first.register().description()));
        if (!names.isEmpty()) {
            first.register().fields().forEach(field -> add(table, field));
        }
    }

    private static String lastIndices(LocatedRegister last) {
        return last.path().replaceAll(".*?(\\[\\d+\\])[^\\[]*", "$1");
    }

    private static void add(Table table, Field field) {
        EnumType names = field.encode();
        String values = names == null ? "" : " " + names.entries().stream().map(EnumType.Entry::name).toList();
        table.row("  ." + field.name(), "", "", Decoding.bits(field), Decoding.access(field), text(field.description()) + values);
    }

    private static String text(@Nullable String description) {
        return description == null ? "" : description;
    }

    private static Map<String, Object> json(LocatedRegister register) {
        Map<String, Object> object = Decoding.place(register);
        object.put("access", register.access());
        object.put("reset", Decoding.hex(register, register.reset()));
        object.put("description", text(register.register().description()));
        object.put("fields",
                register.register().fields().stream().map(field -> Json.object("name", field.name(), "bits", Decoding.bits(field),
                        "access", Decoding.access(field), "description", text(field.description()))).toList());
        return object;
    }
}
