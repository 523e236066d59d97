package dev.openppu.rdl.live;

import java.util.ArrayList;
import java.util.List;

/** A wire: a signal of the map, an input that the map infers, or a strobe. It begins inactive. */
final class SignalLine implements Source {

    private final boolean activeLow;
    private final long ones;
    private final List<Follower> followers = new ArrayList<>(1);
    private long level;

    /** A wire of {@code width} bits. */
    SignalLine(boolean activeLow, int width) {
        this.activeLow = activeLow;
        this.ones = width >= 64 ? -1L : (1L << width) - 1;
        this.level = activeLow ? ones : 0;
    }

    /** An active-high wire of one bit, or of more where more are put on it. */
    SignalLine() {
        this(false, 64);
    }

    @Override
    public long get() {
        return activeLow ? ~level & ones : level;
    }

    /** The level as it is on the wire. */
    long level() {
        return level;
    }

    /** Puts a level on the wire. */
    void level(long newLevel) {
        if (level == (newLevel & ones)) {
            return;
        }
        level = newLevel & ones;
        for (int i = 0; i < followers.size(); i++) {
            followers.get(i).sourceChanged();
        }
    }

    /** One clock cycle: active, and back. */
    void pulse() {
        level(activeLow ? 0 : 1);
        level(activeLow ? ones : 0);
    }

    @Override
    public void follow(Follower follower) {
        followers.add(follower);
    }
}
