package dev.openppu.cli.rdl;

import dev.openppu.cli.BadInputException;
import dev.openppu.rdl.source.Diagnostic;

import java.util.List;

/** A register description is refused; what the compiler said of it has the places. */
public final class RefusedSourceException extends BadInputException {
    private static final long serialVersionUID = 1L;

    private final transient List<Diagnostic> diagnostics;

    RefusedSourceException(String message, List<Diagnostic> diagnostics) {
        super(message);
        this.diagnostics = List.copyOf(diagnostics);
    }

    /** Errors and warnings, in the order of the source. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
