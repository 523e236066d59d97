package dev.openppu.model.boot;

/** One-time-programmable fuses that only ever count up; they survive every reset and power-off. */
public final class AntiRollbackCounter {
    private int lowest;

    /** @param lowest security version that boots in the beginning, unsigned */
    public AntiRollbackCounter(int lowest) {
        this.lowest = lowest;
    }

    /** The lowest security version that may boot, unsigned. */
    public int value() {
        return lowest;
    }

    /** Takes a higher version; a lower one changes nothing. */
    void advance(int version) {
        if (Integer.compareUnsigned(version, lowest) > 0) {
            lowest = version;
        }
    }
}
