package dev.openppu.model.pcie;

import dev.openppu.hal.ResetKind;
import dev.openppu.model.sim.Chance;

/**
 * How long the function takes to answer after resets and power transitions. The specification allows 100 ms after a function-level reset, 1 s after the others (6.6),
 * 10 ms from D3hot to D0 (5.9).
 */
enum ReadinessTimes {
    /** Anything that is allowed, most often the shorter part of it. */
    SIMULATED {
        @Override
        long afterReset(ResetKind kind, Chance chance) {
            long longest = kind == ResetKind.FUNCTION_LEVEL ? 95 * MILLISECOND : 900 * MILLISECOND;
            return chance.between(20 * MICROSECOND, chance.oneIn(4) ? longest : longest / 50);
        }

        @Override
        long afterD3(Chance chance) {
            return chance.between(MICROSECOND, 9 * MILLISECOND);
        }
    },
    /** Short, because somebody waits. */
    FREE_RUNNING {
        @Override
        long afterReset(ResetKind kind, Chance chance) {
            return chance.between(200 * MICROSECOND, 3 * MILLISECOND);
        }

        @Override
        long afterD3(Chance chance) {
            return chance.between(50 * MICROSECOND, MILLISECOND);
        }
    };

    private static final long MICROSECOND = 1_000;
    private static final long MILLISECOND = 1_000_000;

    abstract long afterReset(ResetKind kind, Chance chance);

    abstract long afterD3(Chance chance);
}
