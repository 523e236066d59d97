package dev.openppu.rdl.source;

import dev.openppu.rdl.source.Diagnostic.Note;
import dev.openppu.rdl.source.Diagnostic.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects what the compiler's stages have to say about one text. Not safe for several threads. */
public final class Diagnostics {

    /** More messages than this help nobody; the compiler then stops. */
    private static final int MOST_ERRORS = 200;

    /** Of one kind; those beyond are counted and not kept. */
    private static final int MOST_WARNINGS = 100;

    private SourceText text = new SourceText.Builder().build();
    private final Set<Warning> wanted;
    private final boolean warningsAsErrors;
    private final List<Diagnostic> found = new ArrayList<>();
    private final Set<Diagnostic> seen = new HashSet<>();
    private final Map<Warning, Integer> warnings = new EnumMap<>(Warning.class);
    private int errors;
    private int muted;

    /** Collects errors and the usual warnings. */
    public Diagnostics() {
        this(Warning.usual(), false);
    }

    /**
     * @param wanted           the kinds of warning to collect
     * @param warningsAsErrors whether those are errors
     */
    public Diagnostics(Set<Warning> wanted, boolean warningsAsErrors) {
        this.wanted = Set.copyOf(wanted);
        this.warningsAsErrors = warningsAsErrors;
    }

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
        add(new Diagnostic(Severity.ERROR, file.position(offset), message, file.lineAt(offset), length, List.of(), hint, null));
    }

    /** Warns of something in a file that is not part of the text yet. */
    public void warning(Warning kind, SourceFile file, int offset, int length, String message) {
        if (isDue(kind)) {
            add(new Diagnostic(severity(), file.position(offset), message, file.lineAt(offset), length, List.of(), null, kind));
        }
    }

    /** Reports an error. */
    public void error(Span span, String message) {
        report(span, message, null, List.of());
    }

    /** Reports an error with a hint of what to do. */
    public void error(Span span, String message, @Nullable String hint) {
        report(span, message, hint, List.of());
    }

    /** Reports an error in which another place takes part. */
    public void error(Span span, String message, Span other, String note) {
        report(span, message, null, List.of(note(other, note)));
    }

    /** Reports an error in which another place takes part, with a hint of what to do. */
    public void error(Span span, String message, Span other, String note, @Nullable String hint) {
        report(span, message, hint, List.of(note(other, note)));
    }

    /** Warns, if warnings of this kind are wanted. */
    public void warning(Warning kind, Span span, String message) {
        if (isDue(kind)) {
            add(new Diagnostic(severity(), text.position(span.start()), message, text.lineAt(span.start()), length(span), List.of(), null,
                    kind));
        }
    }

    /** Warns, if warnings of this kind are wanted, of something in which another place takes part. */
    public void warning(Warning kind, Span span, String message, Span other, String note) {
        if (isDue(kind)) {
            add(new Diagnostic(severity(), text.position(span.start()), message, text.lineAt(span.start()), length(span),
                    List.of(note(other, note)), null, kind));
        }
    }

    private boolean isDue(Warning kind) {
        return muted == 0 && wanted.contains(kind) && warnings.merge(kind, 1, Integer::sum) <= MOST_WARNINGS;
    }

    private Severity severity() {
        return warningsAsErrors ? Severity.ERROR : Severity.WARNING;
    }

    private Note note(Span other, String message) {
        return new Note(text.position(other.start()), message, text.lineAt(other.start()), length(other));
    }

    private void report(Span span, String message, @Nullable String hint, List<Note> notes) {
        add(new Diagnostic(Severity.ERROR, text.position(span.start()), message, text.lineAt(span.start()), length(span), notes, hint,
                null));
    }

    private void add(Diagnostic diagnostic) {
        if (muted == 0 && seen.add(diagnostic)) {
            found.add(diagnostic);
            if (diagnostic.isError() && ++errors > MOST_ERRORS) {
                throw new TooManyErrors();
            }
        }
    }

    /** Does {@code work}, and forgets what it reports: it concerns something that is not there. */
    public <T> T muted(Supplier<T> work) {
        muted++;
        try {
            return work.get();
        } finally {
            muted--;
        }
    }

    /** Whether reports are being forgotten. */
    public boolean isMuted() {
        return muted > 0;
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
