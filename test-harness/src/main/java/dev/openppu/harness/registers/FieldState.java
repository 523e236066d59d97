package dev.openppu.harness.registers;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;

/** What is known of a field's stored value. One for all addresses at which the field is seen. For one thread. */
final class FieldState {
    /** Bits outside {@link #known} mean nothing. */
    BigInteger value = BigInteger.ZERO;
    BigInteger known = BigInteger.ZERO;
    Writes writes = Writes.UNKNOWN;

    /** Paths at which it was written since. */
    private final Set<String> writers = new HashSet<>();

    /** Whether software has written it since the last reset. */
    enum Writes {
        UNKNOWN,
        NONE,
        SOME
    }

    void forget() {
        value = BigInteger.ZERO;
        known = BigInteger.ZERO;
        writes = Writes.UNKNOWN;
        writers.clear();
    }

    void unwritten() {
        writes = Writes.NONE;
        writers.clear();
    }

    void written(String path) {
        writes = Writes.SOME;
        writers.add(path);
    }

    boolean writtenBy(String path) {
        return writers.contains(path);
    }

    void learn(BigInteger bits, BigInteger seen) {
        value = value.andNot(bits).or(seen.and(bits));
        known = known.or(bits);
    }
}
