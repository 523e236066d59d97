package dev.openppu.rdl;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.source.Diagnostic;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a compilation came to.
 *
 * @param maps        the root address maps by name, in the order of the source; empty if there was an error
 * @param diagnostics errors and warnings
 */
public record Compilation(Map<String, AddressMap> maps, List<Diagnostic> diagnostics) {

    public Compilation {
        maps = Collections.unmodifiableMap(new LinkedHashMap<>(maps));
        diagnostics = List.copyOf(diagnostics);
    }

    /** Whether the input was accepted. */
    public boolean succeeded() {
        return errors() == 0;
    }

    /** How many of the diagnostics refuse the input. */
    public long errors() {
        return diagnostics.stream().filter(Diagnostic::isError).count();
    }

    /** How many of the diagnostics only warn. */
    public long warnings() {
        return diagnostics.size() - errors();
    }

    /**
     * The root address map {@code name}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public AddressMap map(String name) {
        AddressMap map = maps.get(name);
        if (map == null) {
            throw new IllegalArgumentException("there is no root address map '" + name + "'; there are: " + maps.keySet());
        }
        return map;
    }
}
