package dev.openppu.harness.sim.check;

import dev.openppu.model.sim.SimulationDeadlockException;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The invariants that a life is held to: all of them, unless somebody wants to know what the others see.
 *
 * @param off those that it is not held to: what violates them is passed over, and the life goes on
 */
public record Rules(Set<Invariant> off) {
    /** Every invariant. */
    public static final Rules ALL = new Rules(Set.of());
    /** How memory, and objects without a name, name themselves. */
    private static final Pattern ADDRESS = Pattern.compile("(address: 0x|@)\\p{XDigit}+");

    public Rules {
        off = Set.copyOf(off);
    }

    /** All but one. */
    public static Rules without(Invariant invariant) {
        return new Rules(EnumSet.of(invariant));
    }

    /** What it is that ended a life, or a part of it, that is no {@code PpuException}; null if that is off. */
    @Nullable
    public Violation ofUnexpected(String where, Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SimulationDeadlockException) {
                return unlessOff(new Violation(Invariant.PROGRESS, where + ofLife(thrown.getMessage()), thrown));
            }
        }
        return unlessOff(new Violation(Invariant.TYPED_ERRORS, where + ofLife(thrown.toString()), thrown));
    }

    /** Without what is of this process: the same life is told in the same words wherever it is lived. */
    private static String ofLife(@Nullable String told) {
        return ADDRESS.matcher(String.valueOf(told)).replaceAll("$1...");
    }

    private @Nullable Violation unlessOff(Violation violation) {
        return off.contains(violation.invariant()) ? null : violation;
    }

    /** To be called where an invariant did not hold: throws {@link Violation}, unless it is off. */
    public void broken(Invariant invariant, String seen) {
        broken(invariant, seen, invariant.expected());
    }

    /** The same, by something that was thrown. */
    public void broken(Invariant invariant, String seen, @Nullable Throwable cause) {
        broken(invariant, seen, invariant.expected(), cause);
    }

    /** The same, where what should have been seen can be said. */
    public void broken(Invariant invariant, String seen, String expected) {
        broken(invariant, seen, expected, null);
    }

    /**
     * @param expected what should have been seen
     * @param cause what was thrown, if that is it
     */
    public void broken(Invariant invariant, String seen, String expected, @Nullable Throwable cause) {
        if (!off.contains(invariant)) {
            throw new Violation(invariant, seen, expected, cause);
        }
    }
}
