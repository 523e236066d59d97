package dev.openppu.driver.tix;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

/** Finds what somebody may have meant. */
final class Suggestion {
    private static final int MAX_LENGTH = 64;

    private Suggestion() {}

    /** {@code did you mean 'x'?} for the nearest candidate, or null when none is near. */
    static @Nullable String among(Collection<String> candidates, String written) {
        if (written.length() > MAX_LENGTH) {
            return null;
        }
        String best = null;
        int least = Math.max(1, written.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(candidate, written, least);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best == null ? null : "did you mean '" + best + "'?";
    }

    /** Edits from one word to another, neighbours swapped counting once; at least {@code limit} when there are that many. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : step(edits, a, b, i, j);
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int step(int[][] edits, String a, String b, int i, int j) {
        int substitute = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(substitute, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
    }
}
