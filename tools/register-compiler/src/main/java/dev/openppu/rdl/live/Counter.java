package dev.openppu.rdl.live;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** A counter field's arithmetic. Values are unsigned. */
final class Counter {

    private final long ones;
    private final Source step;
    private final Source stepDown;
    private final @Nullable Source ceiling;
    private final @Nullable Source floor;
    private final List<Follower> overflowFollowers = new ArrayList<>();
    private final List<Follower> underflowFollowers = new ArrayList<>();

    /**
     * @param ones     the largest value
     * @param step     what an increment adds
     * @param stepDown what a decrement takes away
     * @param ceiling  where it stops instead of wrapping, or null
     * @param floor    where it stops on the way down, or null
     */
    Counter(long ones, Source step, Source stepDown, @Nullable Source ceiling, @Nullable Source floor) {
        this.ones = ones;
        this.step = step;
        this.stepDown = stepDown;
        this.ceiling = ceiling;
        this.floor = floor;
    }

    void onOverflow(Follower follower) {
        overflowFollowers.add(follower);
    }

    void onUnderflow(Follower follower) {
        underflowFollowers.add(follower);
    }

    /** The value after {@code value} and one increment. */
    long incremented(long value) {
        long by = step.get() & ones;
        if (ceiling != null) {
            long top = ceiling.get();
            boolean below = Long.compareUnsigned(value, top) < 0;
            if (!below) {
                return value;
            }
            return Long.compareUnsigned(top - value, by) <= 0 ? top : value + by;
        }
        if (Long.compareUnsigned(ones - value, by) < 0) {
            notify(overflowFollowers);
        }
        return value + by & ones;
    }

    /** The value after {@code value} and one decrement. */
    long decremented(long value) {
        long by = stepDown.get() & ones;
        if (floor != null) {
            long bottom = floor.get();
            if (Long.compareUnsigned(value, bottom) <= 0) {
                return value;
            }
            return Long.compareUnsigned(value - bottom, by) <= 0 ? bottom : value - by;
        }
        if (Long.compareUnsigned(value, by) < 0) {
            notify(underflowFollowers);
        }
        return value - by & ones;
    }

    private static void notify(List<Follower> followers) {
        for (int i = 0; i < followers.size(); i++) {
            followers.get(i).sourceChanged();
        }
    }
}
