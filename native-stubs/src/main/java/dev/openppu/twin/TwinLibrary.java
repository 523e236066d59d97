package dev.openppu.twin;

import dev.openppu.reference.CompiledLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The compiled twins, or why there are none. */
public final class TwinLibrary {
    private static final CompiledLibrary LIBRARY = new CompiledLibrary(TwinLibrary.class, "libopenppu-twins.so");
    private static final Loading LOADING = load();

    private sealed interface Loading {
        record Present(SymbolLookup symbols) implements Loading {}

        record Absent(String reason) implements Loading {}
    }

    private TwinLibrary() {}

    /** Why there are no twins; empty if there are. */
    public static Optional<String> absence() {
        return LOADING instanceof Loading.Absent(String reason) ? Optional.of(reason) : Optional.empty();
    }

    static SymbolLookup symbols() {
        return switch (LOADING) {
            case Loading.Present(SymbolLookup symbols) -> symbols;
            case Loading.Absent(String reason) -> throw new UnsupportedOperationException("there are no C twins: " + reason);
        };
    }

    private static Loading load() {
        Optional<String> absence = LIBRARY.absence();
        if (absence.isPresent()) {
            return new Loading.Absent(absence.get());
        }
        try {
            return new Loading.Present(open());
        } catch (IOException | IllegalArgumentException e) {
            return new Loading.Absent("the compiled twins cannot be loaded: " + e.getMessage());
        }
    }

    /** The loader wants a file; once it is loaded nobody needs its name. */
    @SuppressWarnings("restricted") // native access is what this package is for
    private static SymbolLookup open() throws IOException {
        Path file = LIBRARY.extract();
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } finally {
            Files.delete(file);
        }
    }
}
