package dev.openppu.cli.register;

import java.util.Comparator;
import java.util.List;

/** The names that a mistyped name may have meant. */
final class Nearest {
    private Nearest() {}

    /** The {@code count} nearest of {@code names}, nearest first: those that end in what was written count as near. */
    static List<String> to(String written, List<String> names, int count) {
        return names.stream()
                .sorted(Comparator.<String>comparingInt(name -> distance(written, name)).thenComparing(Comparator.naturalOrder()))
                .limit(count).toList();
    }

    private static int distance(String written, String name) {
        boolean tail = name.endsWith("." + written) || name.startsWith(written + ".");
        return tail ? 1 : edits(written, name);
    }

    /** Levenshtein's distance. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(diagonal, row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
