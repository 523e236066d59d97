package dev.openppu.twin;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The compiled twins, or why there are none. */
public final class TwinLibrary {
    private static final String LIBRARY = "native/libopenppu-twins.so";
    private static final String REASON = "native/absent";
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
        try (InputStream library = TwinLibrary.class.getResourceAsStream(LIBRARY)) {
            return library == null ? new Loading.Absent(reason()) : new Loading.Present(open(library));
        } catch (IOException | IllegalArgumentException e) {
            return new Loading.Absent("the compiled twins cannot be loaded: " + e.getMessage());
        }
    }

    private static String reason() throws IOException {
        try (InputStream reason = TwinLibrary.class.getResourceAsStream(REASON)) {
            return reason == null ? "they were not built" : new String(reason.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    /** The loader wants a file; once it is loaded nobody needs its name. */
    @SuppressWarnings("restricted") // native access is what this package is for
    private static SymbolLookup open(InputStream library) throws IOException {
        Path file = Files.createTempFile("openppu-twins", ".so");
        try {
            Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
            return SymbolLookup.libraryLookup(file, Arena.global());
        } finally {
            Files.delete(file);
        }
    }
}
