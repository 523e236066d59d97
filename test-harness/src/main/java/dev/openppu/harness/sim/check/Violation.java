package dev.openppu.harness.sim.check;

import org.jspecify.annotations.Nullable;

/** An {@link Invariant} did not hold. The message says what was seen, and of what. */
public final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final Invariant invariant;
    private final String expected;

    /** Nothing was thrown but this. */
    public Violation(Invariant invariant, String seen) {
        this(invariant, seen, null);
    }

    /** Of what every life that violates the invariant should have shown. */
    public Violation(Invariant invariant, String seen, @Nullable Throwable cause) {
        this(invariant, seen, invariant.expected(), cause);
    }

    /**
     * @param seen by the names of the objects that it is about
     * @param expected what should have been seen
     */
    public Violation(Invariant invariant, String seen, String expected, @Nullable Throwable cause) {
        super(seen, cause);
        this.invariant = invariant;
        this.expected = expected;
    }

    /** The same, seen by somebody: a tenant, and the context that it is in. */
    public Violation within(String whom) {
        Violation named = new Violation(invariant, whom + ": " + getMessage(), expected, getCause());
        named.setStackTrace(getStackTrace());
        return named;
    }

    public Invariant invariant() {
        return invariant;
    }

    /** What should have been seen in place of the message. */
    public String expected() {
        return expected;
    }
}
