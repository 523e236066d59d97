package dev.openppu.rdl.source;

import dev.openppu.rdl.source.Diagnostic.Note;
import dev.openppu.rdl.source.Diagnostic.Severity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what the compiler's stages have to say about one text. Not safe for several threads. */
public final class Diagnostics {

    /** More messages than this help nobody; the compiler then stops. */
    private static final int MOST_ERRORS = 200;

    private final SourceText text;
    private final List<Diagnostic> found = new ArrayList<>();
    private int errors;

    /** Collects for {@code text}. */
    public Diagnostics(SourceText text) {
        this.text = text;
    }

    /** Reports an error. */
    public void error(Span span, String message) {
        report(Severity.ERROR, span, message, null, null, null);
    }

    /** Reports an error with a hint of what to do. */
    public void error(Span span, String message, @Nullable String hint) {
        report(Severity.ERROR, span, message, null, null, hint);
    }

    /** Reports an error in which another place takes part. */
    public void error(Span span, String message, Span other, String note) {
        report(Severity.ERROR, span, message, other, note, null);
    }

    /** Reports a warning. */
    public void warning(Span span, String message) {
        report(Severity.WARNING, span, message, null, null, null);
    }

    private void report(Severity severity, Span span, String message, @Nullable Span other, @Nullable String note,
            @Nullable String hint) {
        if (severity == Severity.ERROR && ++errors > MOST_ERRORS) {
            throw new TooManyErrors();
        }
        List<Note> notes = other == null || note == null
                ? List.of()
                : List.of(new Note(text.position(other.start()), note, text.lineAt(other.start()), length(other)));
        Diagnostic diagnostic = new Diagnostic(severity, text.position(span.start()), message, text.lineAt(span.start()),
                length(span), notes, hint);
        if (!found.contains(diagnostic)) {
            found.add(diagnostic);
        }
    }

    private static int length(Span span) {
        return Math.max(1, span.end() - span.start());
    }

    /** Whether any error was reported. */
    public boolean hasErrors() {
        return errors > 0;
    }

    /** Everything reported so far, in the order of the reports. */
    public List<Diagnostic> all() {
        return List.copyOf(found);
    }

    /** Thrown to end a compilation whose every further message would be noise. */
    public static final class TooManyErrors extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooManyErrors() {
            super("too many errors", null, false, false);
        }
    }
}
