package dev.openppu.rdl;

import dev.openppu.rdl.elaborate.Elaboration;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.SourceFile;
import dev.openppu.rdl.source.SourceText;
import dev.openppu.rdl.syntax.SyntaxReader;
import dev.openppu.rdl.syntax.SystemRdlParser.RootContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    private final List<SourceFile> files = new ArrayList<>();
    private final List<String> top = new ArrayList<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private boolean oldDialect;

    /**
     * Adds a file.
     *
     * @throws IOException if it cannot be read
     */
    public RdlCompiler add(Path file) throws IOException {
        return add(file.toString(), Files.readString(file));
    }

    /** Adds a file's text, under the name by which messages shall call it. */
    public RdlCompiler add(String name, String text) {
        files.add(new SourceFile(name, text));
        return this;
    }

    /** Asks for the address map {@code name}; without this, all are built that no other one contains. */
    public RdlCompiler top(String name) {
        top.add(name);
        return this;
    }

    /** Takes the dialect of older files, too: a bare word where a string stands, and an unnamed root address map. */
    public RdlCompiler oldDialect(boolean on) {
        oldDialect = on;
        return this;
    }

    /** Compiles what was added. Never throws for what the files contain: {@link Compilation#diagnostics()} says what is wrong. */
    public Compilation compile() {
        SourceText.Builder builder = new SourceText.Builder();
        for (SourceFile file : files) {
            builder.copy(file, 0, file.text().length()).insert(file, file.text().length(), "\n");
        }
        SourceText text = builder.build();
        Diagnostics diagnostics = new Diagnostics(text);
        Map<String, dev.openppu.rdl.model.AddressMap> maps = Map.of();
        try {
            RootContext tree = new SyntaxReader(text, diagnostics).read();
            if (!diagnostics.hasErrors()) {
                maps = new Elaboration(diagnostics, oldDialect, parameters).elaborate(tree, top);
            }
        } catch (Diagnostics.TooManyErrors e) {
            maps = Map.of();
        }
        return new Compilation(diagnostics.hasErrors() ? Map.of() : maps, diagnostics.all());
    }
}
