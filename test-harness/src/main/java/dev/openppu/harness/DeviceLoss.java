package dev.openppu.harness;

/**
 * A run's end before the suite's: the device went away in a case, and what was behind it was not run.
 *
 * @param during the case under way
 * @param why a clause
 */
public record DeviceLoss(Case during, String why) {
    /** One line. */
    @Override
    public String toString() {
        return "the device was lost in " + during.id() + ": " + why;
    }
}
