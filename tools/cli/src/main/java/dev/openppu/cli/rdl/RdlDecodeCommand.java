package dev.openppu.cli.rdl;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Table;
import dev.openppu.cli.register.Decoding;
import dev.openppu.cli.register.ValueText;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ppu rdl decode}: what a register's value means. */
@Command(name = "decode", sortOptions = false, description = "Tells what a register's value means, field by field.", footerHeading = "%nExamples:%n", footer = {
    "  ppu rdl decode chip.rdl uart[0].status 0x13", "  ppu rdl decode chip.rdl 0x1010 0x13"})
final class RdlDecodeCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final SourceOptions options = new SourceOptions();

    @Parameters(index = "0", paramLabel = "FILE", description = "SystemRDL, CMSIS-SVD (.svd), or a compiled map (.json).")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "REG", description = "The register: its path (indices may be left out), or its address.")
    private String name = "";

    @Parameters(index = "2", paramLabel = "VALUE", description = "The register's value.")
    private String value = "";

    RdlDecodeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        DescribedRegister register = DescribedRegister.find(new MapSource(options, invocation.terminal().err()).map(file), name);
        BigInteger raw = register.fitting(ValueText.parse(value, register.path(), Optional.empty()));
        if (invocation.json()) {
            Json.document(invocation.out(), document(register, raw));
        } else {
            print(register, raw);
        }
        return ExitStatus.OK;
    }

    private void print(DescribedRegister register, BigInteger raw) {
        BigInteger reset = register.register().reset();
        invocation.out().println(register.path() + " at " + Json.hex(register.address()) + " = " + register.hex(raw)
                + (raw.equals(reset) ? ", as after a reset" : ", after a reset " + register.hex(reset)));
        Table table = new Table("BITS", "FIELD", "VALUE", "ACCESS", "MEANING");
        for (Field field : register.register().fields().reversed()) {
            BigInteger part = field.extract(raw);
            table.row(Decoding.bits(field), field.name(), Decoding.meaning(field, part), Decoding.access(field), meaning(field, part));
        }
        table.print(invocation.out(), "  ");
        BigInteger stray = raw.and(register.reserved());
        if (stray.signum() != 0) {
            invocation.out().println("  no field covers these bits, which are set: " + register.hex(stray));
        }
    }

    /** What the source says of the value, else of the field. */
    private static String meaning(Field field, BigInteger value) {
        String text = Decoding.entry(field, value).map(EnumType.Entry::description).orElseGet(field::description);
        return text == null ? "" : text.strip().lines().findFirst().orElse("");
    }

    private static Map<String, Object> document(DescribedRegister register, BigInteger raw) {
        Map<String, Object> document = register.json(raw);
        document.put("reset", register.hex(register.register().reset()));
        document.put("reserved", register.hex(raw.and(register.reserved())));
        document.put("fields", fields(register.register().fields(), raw));
        return document;
    }

    private static List<Map<String, Object>> fields(List<Field> fields, BigInteger raw) {
        return fields.isEmpty()
                ? Collections.emptyList()
                : fields.stream().map(field -> {
                    BigInteger part = field.extract(raw);
                    return Json.object("name", field.name(), "msb", field.high(), "lsb", field.low(), "value", "0x" + part.toString(16),
                            "enum", Decoding.entry(field, part).map(EnumType.Entry::name).orElse(null));
                }).toList();
    }
}
