package dev.openppu.hal.replay;

/** Learns how a replay goes, whatever the software that runs makes of it. Thread-safe. */
public interface ReplayWatch {
    /** Who watches the replays that this thread opens. */
    ScopedValue<ReplayWatch> CURRENT = ScopedValue.newInstance();

    /** The first difference. */
    void differs(Difference difference);

    /**
     * The link was closed where the recording has it.
     *
     * @param records that were played
     * @param ending how the recording ended, as its reader says
     */
    void ended(long records, String ending);

    /** Nobody. */
    static ReplayWatch none() {
        return new ReplayWatch() {
            @Override
            public void differs(Difference difference) {
                // whoever runs into it is told by an exception
            }

            @Override
            public void ended(long records, String ending) {
                // nobody asked
            }
        };
    }
}
