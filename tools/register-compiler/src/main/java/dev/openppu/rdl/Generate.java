package dev.openppu.rdl;

import dev.openppu.rdl.emit.c.CHeaderEmitter;
import dev.openppu.rdl.emit.java.JavaEmitter;
import dev.openppu.rdl.emit.text.ReadableRegisters;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.source.Warning;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The generator that a build runs: from .rdl files to Java accessors, to C headers, to the maps that ship as data, and to lists of the registers that may be read without effect.
 *
 * <pre>{@code
 * Generate [--view sw|hw] [--package NAME [--enums PACKAGE] --java DIR] [--c DIR] [--maps DIR]
 *          [--warn KIND] [--no-warn KIND] [--werror] FILE...
 * }</pre>
 *
 * A file whose contents would not change is not written, so that what is built from it stays up to date.
 */
public final class Generate {

    private final List<Path> inputs = new ArrayList<>();
    private final RdlCompiler compiler = new RdlCompiler();
    private JavaEmitter.View view = JavaEmitter.View.SOFTWARE;
    private @Nullable String packageName;
    private @Nullable String enumPackage;
    private @Nullable Path java;
    private @Nullable Path c;
    private @Nullable Path maps;

    private Generate(List<String> arguments) {
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext();) {
            String argument = rest.next();
            switch (argument) {
                case "--view" -> view = viewOf(value(argument, rest));
                case "--package" -> packageName = value(argument, rest);
                case "--enums" -> enumPackage = value(argument, rest);
                case "--java" -> java = Path.of(value(argument, rest));
                case "--c" -> c = Path.of(value(argument, rest));
                case "--maps" -> maps = Path.of(value(argument, rest));
                case "--warn" -> compiler.warn(warningOf(value(argument, rest)), true);
                case "--no-warn" -> compiler.warn(warningOf(value(argument, rest)), false);
                case "--werror" -> compiler.warningsAsErrors(true);
                default -> inputs.add(inputOf(argument));
            }
        }
        if (java != null && packageName == null) {
            throw new IllegalArgumentException("--java needs --package");
        }
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.next();
    }

    private static JavaEmitter.View viewOf(String name) {
        return switch (name) {
            case "sw" -> JavaEmitter.View.SOFTWARE;
            case "hw" -> JavaEmitter.View.HARDWARE;
            default -> throw new IllegalArgumentException("--view is sw or hw, not '" + name + "'");
        };
    }

    private static Warning warningOf(String id) {
        return Warning.find(id).orElseThrow(() -> new IllegalArgumentException("there is no warning '" + id + "'; there are: "
                + Stream.of(Warning.values()).map(Warning::id).collect(Collectors.joining(", "))));
    }

    private static Path inputOf(String argument) {
        if (argument.startsWith("--")) {
            throw new IllegalArgumentException("there is no option " + argument);
        }
        return Path.of(argument);
    }

    /** Runs the generator; exit status 1 if the input is refused, 2 if the command makes no sense. */
    public static void main(String[] arguments) throws IOException {
        System.exit(run(Arrays.asList(arguments), System.err));
    }

    static int run(List<String> arguments, PrintStream messages) throws IOException {
        try {
            return new Generate(arguments).run(messages) ? 0 : 1;
        } catch (IllegalArgumentException e) {
            messages.println(e.getMessage());
            return 2;
        }
    }

    private boolean run(PrintStream messages) throws IOException {
        for (Path input : inputs) {
            compiler.add(input);
        }
        Compilation compilation = compiler.compile();
        compilation.diagnostics().forEach(diagnostic -> messages.print(diagnostic.render()));
        if (!compilation.succeeded()) {
            return false;
        }
        emitJava(compilation);
        emitC(compilation);
        emitMaps(compilation);
        return true;
    }

    private void emitJava(Compilation compilation) throws IOException {
        if (java == null) {
            return;
        }
        String name = Objects.requireNonNull(packageName);
        String source = String.join(", ", inputs.stream().map(Path::getFileName).map(String::valueOf).toList());
        JavaEmitter emitter = new JavaEmitter(name, Objects.requireNonNullElse(enumPackage, name), view, source);
        Path folder = java.resolve(name.replace('.', '/'));
        Map<String, String> files = emitter.emit(List.copyOf(compilation.maps().values()));
        for (Map.Entry<String, String> file : files.entrySet()) {
            write(folder.resolve(file.getKey()), file.getValue().getBytes(StandardCharsets.UTF_8));
        }
        try (var existing = Files.list(folder)) {
            for (Path stale : existing.filter(path -> !files.containsKey(String.valueOf(path.getFileName()))).toList()) {
                Files.delete(stale);
            }
        }
    }

    private void emitC(Compilation compilation) throws IOException {
        if (c == null) {
            return;
        }
        for (AddressMap map : compilation.maps().values()) {
            StringWriter text = new StringWriter();
            new CHeaderEmitter().emit(map, text);
            write(c.resolve(map.name() + ".h"), text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void emitMaps(Compilation compilation) throws IOException {
        if (maps == null) {
            return;
        }
        for (AddressMap map : compilation.maps().values()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            map.save(bytes);
            write(maps.resolve(map.name() + ".map.json"), bytes.toByteArray());
            write(maps.resolve(map.name() + ".readable.txt"), ReadableRegisters.of(map).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void write(Path file, byte[] contents) throws IOException {
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), contents)) {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(file, contents);
        }
    }
}
