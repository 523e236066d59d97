package dev.openppu.rdl.live;

import java.math.BigInteger;
import java.util.Arrays;

/** Stores values, and lets everything know that follows them. */
final class Propagation {

    /** Wirings that feed each other would never come to rest; nothing sensible is nested deeper. */
    private static final int DEEPEST = 64;

    private int depth;

    /** Stores {@code now} in the cell that {@code store} is. */
    void change(Cell store, long now) {
        if (store.value == now) {
            return;
        }
        store.value = now;
        Follower[] following = store.followers;
        if (following.length > 0 && depth < DEEPEST) {
            depth++;
            try {
                for (Follower follower : following) {
                    follower.sourceChanged();
                }
            } finally {
                depth--;
            }
        }
    }

    /** Stores the bits of {@code value} in those of the field's bits that are {@code open} in their cell. */
    void change(BitSpan span, BigInteger value, long open) {
        Cell cell = span.cell();
        change(cell, cell.value & ~open | Wide.word(value, span.from()) << span.low() & open);
    }

    static void follow(FieldBits field, Follower follower) {
        for (BitSpan span : field.spans()) {
            follow(span.cell(), follower);
        }
    }

    static void follow(Cell cell, Follower follower) {
        Follower[] before = cell.followers;
        if (!Arrays.asList(before).contains(follower)) {
            Follower[] more = Arrays.copyOf(before, before.length + 1);
            more[before.length] = follower;
            cell.followers = more;
        }
    }
}
