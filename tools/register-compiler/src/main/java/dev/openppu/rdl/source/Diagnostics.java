package dev.openppu.rdl.source;

import dev.openppu.rdl.source.Diagnostic.Note;
import dev.openppu.rdl.source.Diagnostic.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what the compiler's stages have to say about one text. Not safe for several threads. */
public final class Diagnostics {

    /** More messages than this help nobody; the compiler then stops. */
    private static final int MOST_ERRORS = 200;

    private SourceText text = new SourceText.Builder().build();
    private final List<Diagnostic> found = new ArrayList<>();
    private final Set<Diagnostic> seen = new HashSet<>();
    private int errors;

    /** From now on spans are places in {@code newText}. */
    public void text(SourceText newText) {
        text = newText;
    }

    /** The place in a file where {@code span} begins. */
    public SourcePosition position(Span span) {
        return text.position(span.start());
    }

    /** Reports an error in a file that is not part of the text yet. */
    public void error(SourceFile file, int offset, int length, String message) {
        error(file, offset, length, message, null);
    }

    /** Reports an error in a file that is not part of the text yet, with a hint of what to do. */
    public void error(SourceFile file, int offset, int length, String message, @Nullable String hint) {
        add(new Diagnostic(Severity.ERROR, file.position(offset), message, file.lineAt(offset), length, List.of(), hint));
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
        List<Note> notes = other == null || note == null
                ? List.of()
                : List.of(new Note(text.position(other.start()), note, text.lineAt(other.start()), length(other)));
        Diagnostic diagnostic = new Diagnostic(severity, text.position(span.start()), message, text.lineAt(span.start()),
                length(span), notes, hint);
        add(diagnostic);
    }

    private void add(Diagnostic diagnostic) {
        if (seen.add(diagnostic)) {
            found.add(diagnostic);
            if (diagnostic.isError() && ++errors > MOST_ERRORS) {
                throw new TooManyErrors();
            }
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
