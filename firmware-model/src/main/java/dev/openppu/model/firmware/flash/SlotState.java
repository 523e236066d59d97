package dev.openppu.model.firmware.flash;

import java.util.Optional;

/**
 * Which slot boots.
 *
 * @param active 0 is A, 1 is B
 * @param trial of the other slot
 * @param fellBack the last trial failed
 */
public record SlotState(int active, Trial trial, boolean fellBack) {
    /** Of a flash that nothing was written to. */
    public static final SlotState FACTORY = new SlotState(0, Trial.NONE, false);

    private static final int BYTES = 4;

    /** How far the trial of a slot is. */
    public enum Trial {
        /** There is none. */
        NONE,
        /** The next boot tries the other slot. */
        WANTED,
        /** A boot has begun to try it and has not confirmed it: power went, it was reset, or it did not work. */
        UNDER_WAY
    }

    public int other() {
        return 1 - active;
    }

    public SlotState with(Trial next) {
        return new SlotState(active, next, fellBack);
    }

    byte[] encode() {
        return new byte[]{(byte) active, (byte) trial.ordinal(), (byte) (fellBack ? 1 : 0), 0};
    }

    static Optional<SlotState> decode(byte[] bytes) {
        if (bytes.length != BYTES || (bytes[0] & ~1) != 0 || bytes[1] < 0 || bytes[1] >= Trial.values().length) {
            return Optional.empty();
        }
        return Optional.of(new SlotState(bytes[0], Trial.values()[bytes[1]], bytes[2] != 0));
    }
}
