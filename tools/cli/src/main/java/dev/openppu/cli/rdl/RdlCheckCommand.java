package dev.openppu.cli.rdl;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.rdl.Compilation;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.source.Diagnostic;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ppu rdl check}: whether a description is right, and what is wrong with it. */
@Command(name = "check", sortOptions = false, description = "Compiles SystemRDL files, in this order and in one scope, or reads a CMSIS-SVD file, and says what is wrong.", footerHeading = "%nExamples:%n", footer = {
    "  ppu rdl check chip.rdl", "  ppu rdl check -I common -D WITH_UART --top chip --werror defs.rdl chip.rdl",
    "%nExit status: 0 accepted, 1 refused, 2 bad usage."})
final class RdlCheckCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final SourceOptions options = new SourceOptions();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "SystemRDL files, or one CMSIS-SVD file (.svd).")
    private final List<Path> files = new ArrayList<>();

    RdlCheckCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Compilation compilation = new MapSource(options, invocation.terminal().err()).examine(files);
        if (invocation.json()) {
            Json.document(invocation.out(), document(compilation));
        } else {
            print(compilation);
        }
        return compilation.succeeded() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static Map<String, Object> document(Compilation compilation) {
        return Json.object("accepted", compilation.succeeded(), "errors", compilation.errors(), "warnings", compilation.warnings(),
                "diagnostics", DiagnosticJson.of(compilation.diagnostics()), "maps",
                compilation.maps().values().stream().map(RdlCheckCommand::document).toList());
    }

    private static Map<String, Object> document(AddressMap map) {
        MapSize size = MapSize.of(map);
        return Json.object("name", map.name(), "bytes", map.elementSize(), "registers", size.registers(), "fields", size.fields());
    }

    private void print(Compilation compilation) {
        compilation.diagnostics().stream().map(Diagnostic::render).forEach(invocation.terminal().err()::print);
        compilation.maps().values().forEach(map -> {
            MapSize size = MapSize.of(map);
            invocation.out().printf("%s: %,d registers, %,d fields in 0x%x bytes%n", map.name(), size.registers(), size.fields(),
                    map.elementSize());
        });
        Colour colour = compilation.succeeded() ? Colour.GOOD : Colour.BAD;
        String verdict = compilation.succeeded() ? "accepted" : "refused";
        invocation.out().println(MapSource.names(files) + ": " + invocation.terminal().paint(colour, verdict) + ", "
                + MapSource.count(compilation));
    }
}
