package dev.openppu.harness;

/**
 * How hard suites try.
 *
 * @param thorough everything, however long it takes: all elements of arrays, all pairs, whole matrices
 * @param seed decides the order of random accesses and their values; the same seed, the same cases
 */
public record SuiteSettings(boolean thorough, long seed) {
    /** What suits a build: seconds. */
    public static final SuiteSettings QUICK = new SuiteSettings(false, 1);
}
