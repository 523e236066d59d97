package dev.openppu.model.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that went wrong, or that a script wants to.
 *
 * @param passage of the point, from 1
 * @param dice what was left to chance in it; not {@link FaultSource#NOTHING}
 */
public record Strike(FaultPoint point, long passage, long dice) {

    /** @throws IllegalArgumentException if the passage is below 1 or the dice are nothing */
    public Strike {
        if (passage < 1 || dice == FaultSource.NOTHING) {
            throw new IllegalArgumentException("no fault is at passage %d of %s with dice %x".formatted(passage, point.id(), dice));
        }
    }

    /** As {@link #parse} reads it: {@code dma-torn@17:5a3f}. */
    @Override
    public String toString() {
        return point.id() + "@" + passage + ":" + Long.toHexString(dice);
    }

    /** Strikes joined by commas. */
    public static String script(List<Strike> strikes) {
        return strikes.stream().map(Strike::toString).collect(Collectors.joining(","));
    }

    /**
     * Reads what {@link #script} wrote; the dice may be left out, and are 1 then.
     *
     * @throws IllegalArgumentException with what is wrong, for a user to read
     */
    public static List<Strike> parse(String script) {
        List<Strike> strikes = new ArrayList<>();
        for (String each : script.split(",", -1)) {
            if (!each.isBlank()) {
                strikes.add(one(each.strip()));
            }
        }
        return strikes;
    }

    private static Strike one(String text) {
        int at = text.indexOf('@');
        int colon = text.indexOf(':', at + 1);
        if (at < 0) {
            throw new IllegalArgumentException("'%s' is no fault: write POINT@PASSAGE or POINT@PASSAGE:DICE".formatted(text));
        }
        FaultPoint point = FaultPoint.find(text.substring(0, at))
                .orElseThrow(() -> new IllegalArgumentException("there is no fault point '%s'".formatted(text.substring(0, at))));
        try {
            long passage = Long.parseLong(text.substring(at + 1, colon < 0 ? text.length() : colon));
            return new Strike(point, passage, colon < 0 ? 1 : Long.parseUnsignedLong(text.substring(colon + 1), 16));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'%s' is no fault: the passage is a decimal number, the dice a hexadecimal one".formatted(text), e);
        }
    }
}
