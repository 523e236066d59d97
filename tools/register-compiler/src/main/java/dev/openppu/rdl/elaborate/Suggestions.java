package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.source.EditDistance;
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
        return EditDistance.between(a, b);
    }
}
