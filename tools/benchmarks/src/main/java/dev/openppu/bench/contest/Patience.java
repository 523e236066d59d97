package dev.openppu.bench.contest;

/**
 * How long a contest may go on.
 *
 * @param warmUps rounds of each side that do not count
 * @param fewest undisturbed rounds of each side
 * @param most rounds of each side, reached where values do not stand still
 * @param uncertainty of the medians at which they are taken to stand still
 */
public record Patience(int warmUps, int fewest, int most, double uncertainty) {

    /** For a look, and for tests. */
    public static final Patience QUICK = new Patience(5, 5, 15, 0.05);

    /** For results to be told. */
    public static final Patience FULL = new Patience(20, 25, 201, 0.01);
}
