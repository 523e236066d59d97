package dev.openppu.harness;

/**
 * What came of a failed case that was run once more, alone on a link opened anew.
 *
 * @param because why it was not tried; empty if it was
 */
public record Repeat(Alone alone, String because) {
    /** Whether a case fails without those that ran before it. */
    public enum Alone {
        /** It fails by itself, too: one case is the whole way to the failure. */
        FAILS("fails"),
        /** It passes by itself: what ran before it belongs to the failure. */
        PASSES("passes"),
        /** Nobody knows. */
        NOT_TRIED("not tried");

        private final String word;

        Alone(String word) {
            this.word = word;
        }

        /** As reports have it. */
        public String word() {
            return word;
        }
    }

    static Repeat notTried(String because) {
        return new Repeat(Alone.NOT_TRIED, because);
    }

    /** One line for people. */
    public String text() {
        return switch (alone) {
            case FAILS -> "fails";
            case PASSES -> "passes; it failed behind the cases before it, which are all run again below";
            case NOT_TRIED -> "not tried: " + because;
        };
    }
}
