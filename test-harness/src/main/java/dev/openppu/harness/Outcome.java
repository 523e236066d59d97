package dev.openppu.harness;

/** How a case ended. */
public sealed interface Outcome {

    /** The rule holds. */
    record Passed() implements Outcome {}

    /**
     * The rule does not hold.
     *
     * @param expected what the rule demands
     * @param seen what the device did
     */
    record Failed(String expected, String seen) implements Outcome {}

    /** The link hides what the rule is about: neither passed nor failed. */
    record Unobservable(String because) implements Outcome {}

    /** Not run, because of something that is no finding about this rule. */
    record Skipped(String because) implements Outcome {}

    /** One word: {@code passed}, {@code failed}, {@code unobservable}, {@code skipped}. */
    default String word() {
        return switch (this) {
            case Passed _ -> "passed";
            case Failed _ -> "failed";
            case Unobservable _ -> "unobservable";
            case Skipped _ -> "skipped";
        };
    }

    /** What there is to say beyond the word, one line; empty for passed. */
    default String remark() {
        return switch (this) {
            case Passed _ -> "";
            case Failed(String expected, String seen) -> "expected " + expected + ", seen " + seen;
            case Unobservable(String because) -> because;
            case Skipped(String because) -> because;
        };
    }
}
