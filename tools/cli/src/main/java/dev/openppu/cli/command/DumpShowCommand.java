package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.dump.DumpFile;
import dev.openppu.cli.dump.DumpText;
import dev.openppu.cli.register.Decoding;
import dev.openppu.cli.register.LocatedRegister;
import dev.openppu.cli.register.RegisterCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code ppu dump show}: a dump for people; needs no device. */
@Command(name = "show", sortOptions = false, description = "Decodes a dump: what happened, queues and their packets, page-table walks, firmware log, registers.")
final class DumpShowCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(names = "--all", description = "Show registers at their reset values, too.")
    private boolean all;

    @Parameters(paramLabel = "FILE", description = "The dump.")
    private Path file = Path.of("");

    DumpShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        DumpFile dump = DumpFile.read(file);
        RegisterCatalog catalog = RegisterCatalog.ofPpu();
        if (invocation.json()) {
            Map<String, LocatedRegister> registers = catalog.all().stream().filter(r -> r.bar() == 0)
                    .collect(Collectors.toMap(LocatedRegister::path, Function.identity()));
            dump.lines().forEach(line -> Json.line(invocation.out(), decoded(line, registers)));
        } else {
            new DumpText(dump, catalog, all).print(invocation.out());
        }
        return ExitStatus.OK;
    }

    /** The line as it is; a register with its fields. */
    private static Map<String, Object> decoded(JsonNode line, Map<String, LocatedRegister> registers) {
        Map<String, Object> object = new LinkedHashMap<>();
        line.properties().forEach(member -> object.put(member.getKey(), member.getValue()));
        LocatedRegister register = registers.get(line.path("name").asString(""));
        String value = line.path("value").asString("");
        if (register != null && line.path("section").asString("").equals("register") && value.matches("0x[0-9a-f]{1,16}")) {
            Object fields = Decoding.json(register, Long.parseUnsignedLong(value.substring(2), 16)).get("fields");
            if (fields != null) {
                object.put("fields", fields);
            }
        }
        return object;
    }
}
