package dev.openppu.rdl;

import dev.openppu.rdl.elaborate.Elaboration;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.preprocess.Includes;
import dev.openppu.rdl.preprocess.Preprocessor;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.SourceFile;
import dev.openppu.rdl.source.SourceText;
import dev.openppu.rdl.source.Span;
import dev.openppu.rdl.source.Warning;
import dev.openppu.rdl.syntax.SyntaxReader;
import dev.openppu.rdl.syntax.SystemRdlParser.ParameterBindingsContext;
import dev.openppu.rdl.syntax.SystemRdlParser.RootContext;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles SystemRDL 2.0 to the elaborated model. Add the files, in order; they share one root scope. Then {@link #compile()}.
 * Not safe for several threads; the result is.
 *
 * <pre>{@code
 * Compilation result = new RdlCompiler().add(Path.of("chip.rdl")).compile();
 * result.diagnostics().forEach(d -> System.err.print(d.render()));
 * AddressMap map = result.map("chip");
 * }</pre>
 */
public final class RdlCompiler {

    private final List<Input> inputs = new ArrayList<>();
    private final List<Path> includePath = new ArrayList<>();
    private final List<String> top = new ArrayList<>();
    private final Map<String, String> definitions = new LinkedHashMap<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Set<Warning> warnings = EnumSet.copyOf(Warning.usual());
    private boolean warningsAsErrors;
    private boolean oldDialect;

    /** A file, by path or by contents. */
    private record Input(String name, @Nullable Path path, @Nullable String text) {}

    /** Adds a file. One that cannot be read becomes a diagnostic. */
    public RdlCompiler add(Path file) {
        inputs.add(new Input(file.toString(), file, null));
        return this;
    }

    /** Adds a file's text, under the name by which messages shall call it. */
    public RdlCompiler add(String name, String text) {
        inputs.add(new Input(name, null, text));
        return this;
    }

    /** Adds a folder to those in which {@code `include} looks after the folder of the including file. */
    public RdlCompiler includePath(Path folder) {
        includePath.add(folder);
        return this;
    }

    /** Defines a macro without arguments, as {@code `define} does. */
    public RdlCompiler define(String name, String body) {
        definitions.put(name, body);
        return this;
    }

    /** Asks for the address map {@code name}; without this, all are built that no other one contains. */
    public RdlCompiler top(String name) {
        top.add(name);
        return this;
    }

    /** Gives the top-level address maps' parameter {@code name} the value of an expression. */
    public RdlCompiler parameter(String name, String expression) {
        parameters.put(name, expression);
        return this;
    }

    /** Takes the dialect of older files, too: a bare word where a string stands, and an unnamed root address map. */
    public RdlCompiler oldDialect(boolean on) {
        oldDialect = on;
        return this;
    }

    /** Gives warnings of one kind, or gives them no longer. Those of {@link Warning#usual()} are given from the start. */
    public RdlCompiler warn(Warning kind, boolean on) {
        if (on) {
            warnings.add(kind);
        } else {
            warnings.remove(kind);
        }
        return this;
    }

    /** Refuses what would only be warned of. */
    public RdlCompiler warningsAsErrors(boolean on) {
        warningsAsErrors = on;
        return this;
    }

    /** Compiles what was added. Never throws for what the files contain: {@link Compilation#diagnostics()} says what is wrong. */
    public Compilation compile() {
        Diagnostics diagnostics = new Diagnostics(warnings, warningsAsErrors);
        Map<String, AddressMap> maps = Map.of();
        try {
            maps = compile(diagnostics);
        } catch (Diagnostics.TooManyErrors e) {
            // There is enough to say.
        } catch (StackOverflowError e) {
            diagnostics.error(new Span(0, 1), "something in this description is nested too deeply");
        } catch (OutOfMemoryError e) {
            diagnostics.error(new Span(0, 1), "this description needs more memory than there is");
        }
        return new Compilation(diagnostics.hasErrors() ? Map.of() : maps, diagnostics.all());
    }

    private Map<String, AddressMap> compile(Diagnostics diagnostics) {
        Includes includes = new Includes(includePath);
        List<SourceFile> files = new ArrayList<>();
        for (Input input : inputs) {
            SourceFile file = open(input, includes, diagnostics);
            if (file != null) {
                files.add(file);
            }
        }
        SourceText.Builder builder = new Preprocessor(includes, diagnostics, definitions).run(files);
        int end = builder.length();
        if (!parameters.isEmpty()) {
            SourceFile bindings = new SourceFile("<parameters>", bindings());
            builder.copy(bindings, 0, bindings.text().length());
        }
        SourceText text = builder.build();
        diagnostics.text(text);
        if (diagnostics.hasErrors()) {
            return Map.of();
        }
        SyntaxReader reader = new SyntaxReader(text, diagnostics);
        RootContext tree = reader.readRoot(end);
        ParameterBindingsContext bindings = parameters.isEmpty() ? null : reader.readBindings(end);
        return diagnostics.hasErrors() ? Map.of() : new Elaboration(diagnostics, oldDialect).elaborate(tree, bindings, top);
    }

    private String bindings() {
        return parameters.entrySet().stream().map(entry -> "." + entry.getKey() + "(" + entry.getValue() + ")")
                .collect(Collectors.joining(", ", "#(", ")"));
    }

    private static @Nullable SourceFile open(Input input, Includes includes, Diagnostics diagnostics) {
        if (input.path == null) {
            return new SourceFile(input.name, String.valueOf(input.text));
        }
        try {
            return includes.open(input.path);
        } catch (IOException e) {
            String why = e instanceof NoSuchFileException ? "there is no such file" : "it cannot be read: " + e.getMessage();
            diagnostics.error(new SourceFile(input.name, ""), 0, 1, why);
            return null;
        }
    }
}
