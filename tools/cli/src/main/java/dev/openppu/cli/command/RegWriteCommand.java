package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.register.Assignment;
import dev.openppu.cli.register.Decoding;
import dev.openppu.cli.register.LocatedRegister;
import dev.openppu.cli.register.RegisterCatalog;
import dev.openppu.cli.register.RegisterPort;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ppu reg write}: changes registers or fields by name and shows what they hold afterwards. */
@Command(name = "write", sortOptions = false, description = "Writes registers or fields in the order given; a field's neighbours keep their values. All names and values are checked "
        + "before anything is written.", footerHeading = "%nExamples:%n", footer = {"  ppu reg write fw.scratch[0]=0x1234",
            "  ppu reg write boot.command.source=HOST_DMA", "  ppu reg write 'queue[3].control.enable=1' --boot"})
final class RegWriteCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final Supplier<RegisterCatalog> catalog;

    @Mixin
    private final DeviceChoice device = new DeviceChoice();

    @Parameters(paramLabel = "NAME=VALUE", arity = "1..*", description = "A register or field and its value: a number, or a name of the field's enum.")
    private List<String> texts = new ArrayList<>();

    RegWriteCommand(Invocation invocation, Supplier<RegisterCatalog> catalog) {
        this.invocation = invocation;
        this.catalog = catalog;
    }

    @Override
    public Integer call() {
        RegisterCatalog registers = catalog.get();
        List<Assignment> assignments = texts.stream().map(text -> Assignment.parse(text, registers)).toList();
        try (OpenDevice open = device.open(invocation.options())) {
            List<Map<String, Object>> documents = new ArrayList<>();
            for (Assignment assignment : assignments) {
                assignment.apply(open.registers());
                report(assignment.register(), open.registers(), documents);
            }
            if (invocation.json()) {
                Json.document(invocation.out(), Json.object("registers", documents));
            }
        }
        return ExitStatus.OK;
    }

    private void report(LocatedRegister register, RegisterPort port, List<Map<String, Object>> documents) {
        if (!register.register().isReadable() || register.readHasEffect()) {
            documents.add(Decoding.place(register));
            text(register.path() + " written");
            return;
        }
        long now = port.read(register);
        documents.add(Decoding.json(register, now));
        text(register.path() + " = " + Decoding.hex(register, now) + "  " + Decoding.line(register, now));
    }

    private void text(String line) {
        if (!invocation.json()) {
            invocation.out().println(line);
        }
    }
}
