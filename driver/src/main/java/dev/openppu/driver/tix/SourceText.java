package dev.openppu.driver.tix;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** A source file and the mistakes found in it so far. */
final class SourceText {
    /** Larger files are refused at once. */
    static final int MAX_BYTES = 4 << 20;
    private static final int MAX_DIAGNOSTICS = 50;

    private final String file;
    private final String text;
    private final int[] lineStarts;
    private final List<Diagnostic> diagnostics = new ArrayList<>();

    SourceText(String file, String text) {
        this.file = file;
        this.text = text;
        this.lineStarts = lineStarts(text);
    }

    /**
     * Text of a file's bytes.
     *
     * @throws TixException when it is too large or not UTF-8
     */
    static SourceText of(String file, byte[] bytes) throws TixException {
        if (bytes.length > MAX_BYTES) {
            throw refused(file, "the file has " + bytes.length + " bytes, the limit is " + MAX_BYTES, "");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return new SourceText(file, StandardCharsets.UTF_8.newDecoder().decode(in).toString());
        } catch (CharacterCodingException e) {
            String before = new String(bytes, 0, in.position(), StandardCharsets.UTF_8);
            SourceText text = new SourceText(file, before + '\uFFFD');
            text.report(before.length(), 1, "byte 0x%02x is not UTF-8 text".formatted(bytes[in.position()]), null);
            throw text.failure();
        }
    }

    private static TixException refused(String file, String message, String line) {
        return new TixException(List.of(new Diagnostic(file, 1, 1, 1, message, null, line)));
    }

    private static int[] lineStarts(String text) {
        List<Integer> starts = new ArrayList<>();
        starts.add(0);
        for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
            starts.add(i + 1);
        }
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    String file() {
        return file;
    }

    String text() {
        return text;
    }

    /** Line number, from 1, of a position. */
    int lineAt(int position) {
        int index = java.util.Arrays.binarySearch(lineStarts, position);
        return index >= 0 ? index + 1 : -index - 1;
    }

    void report(int position, int length, String message, @Nullable String hint) {
        if (diagnostics.size() > MAX_DIAGNOSTICS) {
            return;
        }
        int line = lineAt(position);
        int start = lineStarts[line - 1];
        int end = text.indexOf('\n', start);
        String sourceLine = text.substring(start, end < 0 ? text.length() : end).stripTrailing();
        boolean last = diagnostics.size() == MAX_DIAGNOSTICS;
        diagnostics.add(new Diagnostic(file, line, position - start + 1, Math.max(1, length),
                last ? "too many errors, the rest is not shown" : message,
                last ? null : hint, sourceLine));
    }

    /** True when there are so many mistakes that looking for more is of no use. */
    boolean isFull() {
        return diagnostics.size() > MAX_DIAGNOSTICS;
    }

    boolean hasErrors() {
        return !diagnostics.isEmpty();
    }

    TixException failure() {
        List<Diagnostic> sorted = new ArrayList<>(diagnostics);
        sorted.sort(Comparator.comparingInt(Diagnostic::line).thenComparingInt(Diagnostic::column));
        return new TixException(sorted);
    }
}
