package dev.openppu.rdl.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The text that the parser reads, glued together from pieces of files, and the way back from it to those files. Every piece is
 * either copied from a file, so that offsets run in step, or the expansion of a macro, all of whose characters stand for the
 * place of its use. Immutable; safe for any number of threads.
 */
public final class SourceText {

    private final String text;
    private final int[] starts;
    private final Piece[] pieces;

    private record Piece(SourceFile file, int offset, int length, boolean inStep) {}

    private SourceText(String text, int[] starts, Piece[] pieces) {
        this.text = text;
        this.starts = starts;
        this.pieces = pieces;
    }

    /** The glued text. */
    public String text() {
        return text;
    }

    /** The place in a file of the character at {@code offset} of the glued text. */
    public SourcePosition position(int offset) {
        Place place = place(offset);
        return place.file.position(place.offset);
    }

    /** The line of the file that holds the character at {@code offset} of the glued text. */
    public String lineAt(int offset) {
        Place place = place(offset);
        return place.file.lineAt(place.offset);
    }

    private Place place(int offset) {
        int found = Arrays.binarySearch(starts, Math.max(0, Math.min(offset, text.length())));
        int index = found >= 0 ? found : -found - 2;
        Piece piece = pieces[Math.max(0, index)];
        int into = piece.inStep ? Math.min(offset - starts[Math.max(0, index)], piece.length) : 0;
        return new Place(piece.file, Math.min(piece.offset + into, piece.file.text().length()));
    }

    private record Place(SourceFile file, int offset) {}

    /** Glues a text together, piece by piece. */
    public static final class Builder {

        private final StringBuilder text = new StringBuilder();
        private final List<Piece> pieces = new ArrayList<>();
        private int[] starts = new int[16];

        /** Characters of the glued text so far. */
        public int length() {
            return text.length();
        }

        /** Appends {@code file}'s characters {@code from} up to and not including {@code to}. */
        public Builder copy(SourceFile file, int from, int to) {
            add(new Piece(file, from, to - from, true));
            text.append(file.text(), from, to);
            return this;
        }

        /** Appends {@code expansion}, all of which stands for {@code file}'s character at {@code offset}. */
        public Builder insert(SourceFile file, int offset, String expansion) {
            add(new Piece(file, offset, expansion.length(), false));
            text.append(expansion);
            return this;
        }

        private void add(Piece piece) {
            int at = text.length();
            if (!pieces.isEmpty() && starts[pieces.size() - 1] == at) {
                pieces.removeLast();
            }
            if (pieces.size() == starts.length) {
                starts = Arrays.copyOf(starts, starts.length * 2);
            }
            starts[pieces.size()] = at;
            pieces.add(piece);
        }

        /** The finished text. */
        public SourceText build() {
            if (pieces.isEmpty()) {
                copy(new SourceFile("<nothing>", ""), 0, 0);
            }
            return new SourceText(text.toString(), Arrays.copyOf(starts, pieces.size()), pieces.toArray(Piece[]::new));
        }
    }
}
