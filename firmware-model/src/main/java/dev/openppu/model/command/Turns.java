package dev.openppu.model.command;

import java.util.Arrays;

/**
 * Whose turn it is among four priorities: strictly the highest that waits, except that a lower one which was passed over long enough has one turn. So nobody starves.
 *
 * <p>Where it is used the lower one gets at least one turn in {@code patience + 1}.
 */
public final class Turns {
    /** Priorities: 0 is the lowest. */
    public static final int LEVELS = 4;

    private final int patience;
    private final int[] passedOver = new int[LEVELS];

    /** @param patience turns of higher priorities that a lower one waits for */
    public Turns(int patience) {
        this.patience = patience;
    }

    /**
     * The priority whose turn it is.
     *
     * @param waiting bit per priority, at least one is set
     */
    public int next(int waiting) {
        int chosen = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(waiting);
        if (waiting == 1 << chosen) {
            passedOver[chosen] = 0;
            return chosen;
        }
        for (int level = chosen - 1; level >= 0; level--) {
            if ((waiting >>> level & 1) != 0 && passedOver[level] >= patience) {
                chosen = level;
                break;
            }
        }
        for (int level = 0; level < LEVELS; level++) {
            passedOver[level] = level == chosen || (waiting >>> level & 1) == 0 ? 0 : passedOver[level] + 1;
        }
        return chosen;
    }

    /** Forgets who has waited. */
    public void clear() {
        Arrays.fill(passedOver, 0);
    }
}
