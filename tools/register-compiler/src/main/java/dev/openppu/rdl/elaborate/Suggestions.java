package dev.openppu.rdl.elaborate;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

/** What a misspelt name may have meant. */
final class Suggestions {

    private static final int MOST_EDITS = 2;

    private Suggestions() {}

    /** "did you mean …?", or null where nothing is near. */
    static @Nullable String hint(String name, Collection<String> known) {
        return known.stream().filter(each -> distance(name, each) <= MOST_EDITS)
                .min((a, b) -> distance(name, a) != distance(name, b) ? distance(name, a) - distance(name, b) : a.compareTo(b))
                .map(nearest -> "did you mean '" + nearest + "'?").orElse(null);
    }

    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > MOST_EDITS) {
            return MOST_EDITS + 1;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
