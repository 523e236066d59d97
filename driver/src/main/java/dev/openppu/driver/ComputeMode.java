package dev.openppu.driver;

/** Who may make contexts on a device: a setting of the device. Numbers are those of HGML and of the driver interface (facts §6.8; the command line counts otherwise). */
public enum ComputeMode {
    /** Any number of contexts. */
    DEFAULT(0),
    /** None: making a context fails. Contexts that exist already go on. */
    PROHIBITED(2),
    /** Any number of contexts, of one process. An open device belongs to the process that opened it, so this one always may. */
    EXCLUSIVE_PROCESS(3);

    private final int number;

    ComputeMode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
