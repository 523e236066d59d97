package dev.openppu.hal.replay;

import dev.openppu.hal.LinkException;

/** Host software did not do what the recording has. Every call of the link throws it from then on. */
public final class ReplayDifferenceException extends LinkException {
    private static final long serialVersionUID = 1L;

    private final transient Difference difference;

    ReplayDifferenceException(String file, Difference difference) {
        super("replay of " + file + ": " + difference.text());
        this.difference = difference;
    }

    public Difference difference() {
        return difference;
    }
}
