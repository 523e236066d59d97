package dev.openppu.cli.rdl;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.register.ValueText;
import dev.openppu.rdl.model.Field;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ppu rdl encode}: a register's value from those of its fields. */
@Command(name = "encode", sortOptions = false, description = "Puts a register's value together from its fields; those not named keep their reset value, or that of --from.", footerHeading = "%nExamples:%n", footer = {
    "  ppu rdl encode chip.rdl uart[0].control enable=1 parity=EVEN", "  ppu rdl encode --from 0x80 chip.rdl uart.control enable=1"})
final class RdlEncodeCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final SourceOptions options = new SourceOptions();

    @Option(names = "--from", paramLabel = "VALUE", description = "What the register holds before; without it, its reset value.")
    private @Nullable String from;

    @Parameters(index = "0", paramLabel = "FILE", description = "SystemRDL, CMSIS-SVD (.svd), or a compiled map (.json).")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "REG", description = "The register: its path (indices may be left out), or its address.")
    private String name = "";

    @Parameters(index = "2..*", arity = "0..*", paramLabel = "FIELD=VALUE", description = "A field's value: a number, or a name of its enum.")
    private final List<String> assignments = new ArrayList<>();

    RdlEncodeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        DescribedRegister register = DescribedRegister.find(new MapSource(options, invocation.terminal().err()).map(file), name);
        BigInteger value = from == null
                ? register.register().reset()
                : register.fitting(ValueText.parse(from, register.path(), Optional.empty()));
        Set<String> given = new HashSet<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new BadInputException("'" + assignment + "' assigns nothing: write field=value");
            }
            Field field = field(register, assignment.substring(0, equals).strip());
            if (!given.add(field.name())) {
                throw new BadInputException("'" + field.name() + "' is given twice");
            }
            value = value.andNot(field.mask()).or(value(register, field, assignment.substring(equals + 1).strip()).shiftLeft(field.low()));
        }
        if (invocation.json()) {
            Json.document(invocation.out(), register.json(value));
        } else {
            invocation.out().println(register.hex(value));
        }
        return ExitStatus.OK;
    }

    private static Field field(DescribedRegister register, String name) {
        return register.register().field(name)
                .orElseThrow(() -> new BadInputException(register.path() + " has no field '" + name + "'; it has "
                        + register.register().fields().stream().map(Field::name).collect(Collectors.joining(", "))));
    }

    private static BigInteger value(DescribedRegister register, Field field, String text) {
        String target = register.path() + "." + field.name();
        BigInteger value = ValueText.parse(text, target, Optional.ofNullable(field.encode()));
        if (value.bitLength() > field.width()) {
            throw new BadInputException(
                    target + " has " + field.width() + (field.width() == 1 ? " bit; " : " bits; ") + text + " does not fit");
        }
        return value;
    }
}
