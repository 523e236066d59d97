package dev.openppu.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints JaCoCo's figures, one line per module and one in all; the argument is JaCoCo's CSV. */
public final class CoverageSummary {
    private CoverageSummary() {}

    private record Covered(long lines, long missedLines, long branches, long missedBranches) {
        static final Covered NOTHING = new Covered(0, 0, 0, 0);

        Covered plus(Covered more) {
            return new Covered(lines + more.lines, missedLines + more.missedLines, branches + more.branches,
                    missedBranches + more.missedBranches);
        }

        String describe() {
            return "lines " + share(lines, missedLines) + "   branches " + share(branches, missedBranches);
        }

        private static String share(long all, long missed) {
            return all == 0 ? "    none          " : String.format(Locale.ROOT, "%5.1f %% of %6d", 100.0 * (all - missed) / all, all);
        }
    }

    /** Prints to standard output. */
    public static void main(String[] arguments) throws IOException {
        Map<String, Covered> modules = new LinkedHashMap<>();
        Covered all = Covered.NOTHING;
        List<String> rows = Files.readAllLines(Path.of(arguments[0]));
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",", -1);
            String group = cells[0];
            Covered covered = covered(cells);
            modules.merge(group.substring(group.lastIndexOf('/') + 1).replace("OpenPPU: ", ""), covered, Covered::plus);
            all = all.plus(covered);
        }
        System.out.println("Coverage by all tests (generated code left out)");
        modules.forEach((name, covered) -> print(name, covered));
        print("all", all);
    }

    // Columns of JaCoCo's CSV: GROUP, PACKAGE, CLASS, INSTRUCTION_MISSED, _COVERED, BRANCH_MISSED, _COVERED, LINE_MISSED, _COVERED, …
    private static Covered covered(String[] cells) {
        long missedBranches = Long.parseLong(cells[5]);
        long missedLines = Long.parseLong(cells[7]);
        return new Covered(Long.parseLong(cells[8]) + missedLines, missedLines, Long.parseLong(cells[6]) + missedBranches, missedBranches);
    }

    private static void print(String name, Covered covered) {
        System.out.printf(Locale.ROOT, "  %-22s %s%n", name, covered.describe());
    }
}
