package dev.openppu.harness.sim.work;

/**
 * One thing that a tenant does. What it does it to is in its dice: an index, wherever there is a choice, is taken modulo what there is then, so that a step means something whatever
 * became of those before it.
 *
 * @param number among all steps of a life
 */
public record Step(int number, Kind kind, long dice) {

    /** What a tenant may do. */
    public enum Kind {
        COPY_IN,
        COPY_IN_PINNED,
        COPY_OUT,
        COPY_OUT_PINNED,
        COPY_WITHIN,
        FILL,
        FILL_RECTANGLE,
        KERNEL,
        HAND_OVER,
        WAIT_VALUE,
        HOST_FUNCTION,
        FUTURE,
        SYNCHRONIZE,
        QUERY,
        BATCH,
        POOL,
        NEW_BUFFER,
        CLOSE_BUFFER,
        NEW_STREAM,
        CLOSE_STREAM,
        NEW_CONTEXT,
        THINK,
        // what follows came later: the workloads before have none of it, so that their seeds mean what they meant
        LARGE_IN,
        LARGE_OUT,
        LARGE_WITHIN,
        LARGE_FILL,
        FILL_NARROW,
        FILL_RECTANGLE_NARROW,
        COPY_RECTANGLE,
        RECTANGLE_IN,
        RECTANGLE_OUT,
        PITCHED,
        LEGACY,
        PER_THREAD,
        NON_BLOCKING,
        PRIMARY_CONTEXT,
        TIMES,
        VALUES_32,
        REGISTER,
        OWN_POOL,
        USE_CLOSED,
        // of a second context of the tenant's, and of what is set and asked
        PEER_COPY,
        PORTABLE,
        FOREIGN,
        LIMITS,
        OPTIONS,
        CURRENT,
        POINTERS,
        MEMORY_INFO,
        HELD,
        HANDLES,
        MODULE,
        // what costs the context that it is done in
        USE_FREED,
        MISTAKE,
        // of pooled memory that stays
        POOL_TAKE,
        POOL_USE,
        POOL_FREE,
        POOL_RULES,
        // of kernels of other shapes
        LAUNCH_SHAPED,
        LAUNCH_NARROW,
        // of questions, and of rectangles beside each other
        POLL,
        LEGACY_ASKED,
        EVENT_AGAIN,
        RECTANGLES_BESIDE,
        // of waits that are given up, and of work behind what does not end
        TIME_OUT,
        INTERRUPT,
        BEHIND,
        // of several threads in one stream
        TOGETHER,
        // of more streams than there are queues for, of events by the dozen, and of memory in splinters
        CROWD,
        OWN_EVENT,
        EVENTS,
        SPLINTERS,
        // of what is done when work has ended, and of what is done again and again
        STAGE,
        ROUNDS,
        // of calls that are refused
        OUTSIDE,
        // of the primary context, while nobody else is in it
        PRIMARY_RULES,
        // an administrator's
        METRICS,
        CLOCKS,
        HEALTH,
        FIRMWARE_LOG,
        DUMP,
        WATCHDOG,
        DRAIN,
        UPDATE,
        RESET
    }

    /** A number below {@code bound}, from the dice; {@code which} tells several of one step apart. */
    int below(int which, int bound) {
        long z = dice + which * 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return (int) Math.unsignedMultiplyHigh(z ^ z >>> 31, bound);
    }

    @Override
    public String toString() {
        return number + " " + kind;
    }
}
