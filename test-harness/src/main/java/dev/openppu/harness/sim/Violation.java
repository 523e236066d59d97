package dev.openppu.harness.sim;

import org.jspecify.annotations.Nullable;

/** An {@link Invariant} did not hold. */
public final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final Invariant invariant;

    public Violation(Invariant invariant, String what) {
        super(what);
        this.invariant = invariant;
    }

    public Violation(Invariant invariant, String what, @Nullable Throwable cause) {
        super(what, cause);
        this.invariant = invariant;
    }

    public Invariant invariant() {
        return invariant;
    }
}
