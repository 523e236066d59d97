package dev.openppu.rdl.source;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One thing that the compiler has to say about its input.
 *
 * @param severity   how grave it is
 * @param position   where
 * @param message    what is wrong, one line
 * @param sourceLine the source line that {@code position} points into; of a long one only a part
 * @param length     how many characters from {@code position} on are meant, at least 1
 * @param notes      other places involved
 * @param hint       what to do about it, or null
 * @param warning    the kind of warning that this is, or was before it was made an error; null for an error by its nature
 */
public record Diagnostic(Severity severity, SourcePosition position, String message, String sourceLine, int length,
        List<Note> notes, @Nullable String hint, @Nullable Warning warning) {

    public Diagnostic {
        message = Excerpt.printable(message);
        notes = List.copyOf(notes);
    }

    /** How grave a diagnostic is. */
    public enum Severity {
        /** The input is refused. */
        ERROR,
        /** The input is accepted, and yet something in it is probably not meant so. */
        WARNING
    }

    /**
     * Another place involved.
     *
     * @param position   where
     * @param message    why it matters
     * @param sourceLine the source line there
     * @param length     how many characters are meant
     */
    public record Note(SourcePosition position, String message, String sourceLine, int length) {}

    /** Whether this refuses the input. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code file:line:column: error: message}, the source line with carets below, then notes and the hint. */
    public String render() {
        StringBuilder out = new StringBuilder();
        render(out, position, severity == Severity.ERROR ? "error" : "warning", fullMessage(), sourceLine, length);
        for (Note note : notes) {
            render(out, note.position, "note", note.message, note.sourceLine, note.length);
        }
        if (hint != null) {
            out.append("  hint: ").append(hint).append('\n');
        }
        return out.toString();
    }

    private static void render(StringBuilder out, SourcePosition position, String kind, String message, String line, int length) {
        out.append(position).append(": ").append(kind).append(": ").append(message).append('\n');
        Excerpt.render(out, line, position.column(), length);
    }

    /** The message, with the kind of a warning in brackets. */
    private String fullMessage() {
        return warning == null ? message : message + " [" + warning.id() + (isError() ? ", as an error]" : "]");
    }

    @Override
    public String toString() {
        return position + ": " + (isError() ? "error" : "warning") + ": " + fullMessage();
    }
}
