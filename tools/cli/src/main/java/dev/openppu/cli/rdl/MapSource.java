package dev.openppu.cli.rdl;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.file.InputFile;
import dev.openppu.rdl.Compilation;
import dev.openppu.rdl.RdlCompiler;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.source.Diagnostic;
import dev.openppu.rdl.svd.SvdReader;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads address maps from whatever describes them: SystemRDL, CMSIS-SVD, or a compiled map as JSON; the file's ending says which. */
final class MapSource {
    private static final Set<String> SVD = Set.of("svd", "xml");

    private final SourceOptions options;
    private final PrintStream warnings;

    /** @param warnings where warnings are printed; errors are thrown */
    MapSource(SourceOptions options, PrintStream warnings) {
        this.options = options;
        this.warnings = warnings;
    }

    /**
     * The root maps of all files together, at least one.
     *
     * @throws RefusedSourceException if the compiler refuses a file
     * @throws BadInputException      if a file cannot be read, or describes no address map
     */
    List<AddressMap> maps(List<Path> files) throws IOException {
        List<AddressMap> maps = new ArrayList<>();
        List<Path> sources = new ArrayList<>();
        for (Path file : files) {
            switch (ending(file)) {
                case "json" -> maps.add(load(file));
                case "svd", "xml" -> maps.addAll(accepted(new SvdReader().read(InputFile.require(file)), List.of(file)));
                default -> sources.add(file);
            }
        }
        if (!sources.isEmpty()) {
            maps.addAll(accepted(compile(sources), sources));
        }
        if (maps.isEmpty()) {
            throw new BadInputException(names(files) + " describes no address map: nothing to work on");
        }
        return maps;
    }

    /**
     * The one root map of {@code file}.
     *
     * @throws BadInputException if there are several; the message says how to choose
     */
    AddressMap map(Path file) throws IOException {
        return map(List.of(file));
    }

    /** The one root map of all files together; otherwise as {@link #map(Path)}. */
    AddressMap map(List<Path> files) throws IOException {
        List<AddressMap> maps = maps(files);
        if (maps.size() > 1) {
            throw new BadInputException(names(files) + " describes several address maps; choose one with --top: "
                    + maps.stream().map(AddressMap::name).collect(Collectors.joining(", ")));
        }
        return maps.getFirst();
    }

    /** What is to be said of {@code files}: SystemRDL together, or one CMSIS-SVD file. */
    Compilation examine(List<Path> files) throws IOException {
        return files.size() == 1 && SVD.contains(ending(files.getFirst()))
                ? new SvdReader().read(InputFile.require(files.getFirst()))
                : compile(files);
    }

    private Compilation compile(List<Path> files) {
        RdlCompiler compiler = options.compiler();
        files.forEach(compiler::add);
        return compiler.compile();
    }

    private Collection<AddressMap> accepted(Compilation compilation, List<Path> files) {
        if (!compilation.succeeded()) {
            throw new RefusedSourceException(names(files) + (files.size() == 1 ? " is" : " are") + " refused: " + count(compilation),
                    compilation.diagnostics());
        }
        compilation.diagnostics().stream().map(Diagnostic::render).forEach(warnings::print);
        return compilation.maps().values();
    }

    /** {@code 2 errors, 1 warning}. */
    static String count(Compilation compilation) {
        long errors = compilation.errors();
        long warnings = compilation.warnings();
        return errors + (errors == 1 ? " error, " : " errors, ") + warnings + (warnings == 1 ? " warning" : " warnings");
    }

    static String names(List<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private static String ending(Path file) {
        String name = file.toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static AddressMap load(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(InputFile.require(file)))) {
            return AddressMap.load(in);
        } catch (IOException e) {
            throw new BadInputException(file + " holds no compiled map: " + e.getMessage(), e);
        }
    }
}
