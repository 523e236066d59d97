package dev.openppu.bench.host;

/**
 * What a polling thread does between two looks at memory, the same as the twins do ({@code twin_relax}): it pauses, and after some ten microseconds in vain lets others
 * run, since on a machine that is not its own the other side may be waiting for this CPU.
 */
public final class Looking {
    private static final int LOOKS_BEFORE_YIELD = 1024;

    private Looking() {}

    /** @param looks so far, in vain; answers one more */
    @SuppressWarnings("ThreadPriorityCheck") // on purpose
    public static int again(int looks) {
        if (looks % LOOKS_BEFORE_YIELD == LOOKS_BEFORE_YIELD - 1) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
        return looks + 1;
    }
}
