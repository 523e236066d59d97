package dev.openppu.harness;

import java.util.List;

/** How many cases ended how. */
public record Tally(int passed, int failed, int unobservable, int skipped) {
    public static Tally of(List<CaseResult> results) {
        int[] counts = new int[4];
        for (CaseResult result : results) {
            counts[switch (result.outcome()) {
                case Outcome.Passed _ -> 0;
                case Outcome.Failed _ -> 1;
                case Outcome.Unobservable _ -> 2;
                case Outcome.Skipped _ -> 3;
            }]++;
        }
        return new Tally(counts[0], counts[1], counts[2], counts[3]);
    }

    public int total() {
        return passed + failed + unobservable + skipped;
    }

    /** For example {@code 61 passed, 1 failed, 2 unobservable}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(passed).append(" passed");
        append(text, failed, "failed");
        append(text, unobservable, "unobservable");
        append(text, skipped, "skipped");
        return text.toString();
    }

    private static void append(StringBuilder text, int count, String word) {
        if (count > 0) {
            text.append(", ").append(count).append(' ').append(word);
        }
    }
}
