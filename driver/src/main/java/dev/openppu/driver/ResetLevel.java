package dev.openppu.driver;

/** The rungs of the recovery ladder, mildest first ({@code docs/recovery.md}). */
public enum ResetLevel {
    /** One hardware queue: its context loses its work. */
    QUEUE("queue reset"),
    /** Copy engines or the compute units: contexts with work on them lose it. */
    ENGINE("engine reset"),
    /** The function: everything on the device is lost and a new epoch begins. */
    FUNCTION("function-level reset"),
    /** As {@link #FUNCTION}, through the bridge above. */
    BUS("secondary-bus reset");

    private final String title;

    ResetLevel(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** Whether everything on the device is lost by it. */
    public boolean endsEpoch() {
        return this == FUNCTION || this == BUS;
    }
}
