package dev.openppu.cli.rdl;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.rdl.emit.java.JavaEmitter;
import dev.openppu.rdl.emit.json.FlatJsonEmitter;
import dev.openppu.rdl.model.AddressMap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ppu rdl export}: a description in another format. */
@Command(name = "export", sortOptions = false, description = "Turns register descriptions into other formats.", footerHeading = "%nExamples:%n", footer = {
    "  ppu rdl export --format json --flat chip.rdl", "  ppu rdl export --format html -I common --top chip *.rdl -o chip.html",
    "  ppu rdl export --format java --package com.example.chip chip.rdl -o src/main/java"})
final class RdlExportCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final SourceOptions options = new SourceOptions();

    @Option(names = {"-f", "--format"}, required = true, paramLabel = "FORMAT", description = "One of: ${COMPLETION-CANDIDATES}.")
    private ExportFormat format = ExportFormat.JAVA;

    @Option(names = {"-o", "--out"}, paramLabel = "PATH", description = "The file, or the folder for several; without it, standard output.")
    private @Nullable Path out;

    @Option(names = "--flat", description = "json: one object a line for every register, arrays expanded.")
    private boolean flat;

    @Option(names = "--package", paramLabel = "NAME", description = "java: the package of the sources.")
    private String packageName = "registers";

    @Option(names = "--view", paramLabel = "sw|hw", description = "java: whose accesses, software's or hardware's; default sw.")
    private String view = "sw";

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "SystemRDL, CMSIS-SVD (.svd), or a compiled map (.json).")
    private final List<Path> files = new ArrayList<>();

    RdlExportCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (flat && format != ExportFormat.JSON) {
            throw new BadInputException("--flat goes with --format json, not " + format);
        }
        List<AddressMap> maps = new MapSource(options, invocation.terminal().err()).maps(files);
        if (format == ExportFormat.JAVA) {
            exportJava(maps);
        } else {
            exportEach(maps);
        }
        return ExitStatus.OK;
    }

    private void exportEach(List<AddressMap> maps) throws IOException {
        ExportTarget target = new ExportTarget(out, invocation.out());
        if (out == null && maps.size() > 1) {
            throw new BadInputException(MapSource.names(files) + ": several address maps (" + names(maps)
                    + "); name a folder with --out, or choose one with --top");
        }
        boolean folder = target.isFolder(maps.size());
        ExportFormat.Emission emission = flat ? new FlatJsonEmitter()::emit : format.emission();
        String ending = flat ? ".jsonl" : format.ending();
        for (AddressMap map : maps) {
            target.write(map, folder, ending, writer -> emission.emit(map, writer));
        }
    }

    private void exportJava(List<AddressMap> maps) throws IOException {
        if (out == null) {
            throw new BadInputException("java makes several files: name their source folder with --out");
        }
        Path folder = ExportTarget.folder(out.resolve(packageName.replace('.', '/')));
        String source = files.stream().map(Path::getFileName).map(Objects::toString).collect(Collectors.joining(", "));
        Map<String, String> sources = new JavaEmitter(packageName, packageName, javaView(), source).emit(maps);
        for (Map.Entry<String, String> each : sources.entrySet()) {
            ExportTarget.writeFile(folder.resolve(each.getKey()), writer -> writer.write(each.getValue()));
        }
        invocation.terminal().err().println(sources.size() + " files in " + folder);
    }

    private JavaEmitter.View javaView() {
        return switch (view) {
            case "sw" -> JavaEmitter.View.SOFTWARE;
            case "hw" -> JavaEmitter.View.HARDWARE;
            default -> throw new BadInputException("--view is sw or hw, not '" + view + "'");
        };
    }

    private static String names(List<AddressMap> maps) {
        return maps.stream().map(AddressMap::name).collect(Collectors.joining(", "));
    }
}
