package dev.openppu.cli.rdl;

import dev.openppu.cli.console.Json;
import dev.openppu.rdl.source.Diagnostic;
import dev.openppu.rdl.source.SourcePosition;
import dev.openppu.rdl.source.Warning;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the compiler says, for programs. */
public final class DiagnosticJson {
    private DiagnosticJson() {}

    /** One object for each diagnostic. */
    public static List<Map<String, Object>> of(List<Diagnostic> diagnostics) {
        return diagnostics.stream().map(DiagnosticJson::of).toList();
    }

    private static Map<String, Object> of(Diagnostic diagnostic) {
        Map<String, Object> object = Json.object("severity", diagnostic.isError() ? "error" : "warning");
        object.putAll(place(diagnostic.position(), diagnostic.length()));
        object.putAll(Json.object("message", diagnostic.message(), "kind",
                Optional.ofNullable(diagnostic.warning()).map(Warning::id).orElse(null), "hint", diagnostic.hint()));
        if (!diagnostic.notes().isEmpty()) {
            object.put("notes", diagnostic.notes().stream().map(note -> {
                Map<String, Object> place = place(note.position(), note.length());
                place.put("message", note.message());
                return place;
            }).toList());
        }
        return object;
    }

    private static Map<String, Object> place(SourcePosition position, int length) {
        return Json.object("file", position.file(), "line", position.line(), "column", position.column(), "length", length);
    }
}
