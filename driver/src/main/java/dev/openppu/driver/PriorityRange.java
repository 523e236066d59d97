package dev.openppu.driver;

/**
 * Priorities that streams can have; a lower number is a higher priority.
 *
 * @param least the number of the lowest priority
 * @param greatest the number of the highest priority, at most {@code least}
 */
public record PriorityRange(int least, int greatest) {
    /** The four levels of a hardware queue. */
    public static final PriorityRange DEVICE = new PriorityRange(0, -3);

    /** The nearest priority that there is. */
    public int clamp(int priority) {
        return Math.clamp(priority, greatest, least);
    }
}
