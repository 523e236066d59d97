package dev.openppu.cli.register;

import dev.openppu.rdl.source.EditDistance;
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
        return tail ? 1 : EditDistance.between(written, name);
    }
}
