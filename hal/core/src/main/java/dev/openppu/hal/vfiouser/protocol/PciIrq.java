package dev.openppu.hal.vfiouser.protocol;

/** Numbers of a PCI function's kinds of interrupt. */
public final class PciIrq {
    public static final int INTX = 0;
    public static final int MSI = 1;
    public static final int MSIX = 2;
    /** Uncorrectable errors of the bus. */
    public static final int ERROR = 3;
    /** The host would like the device back. */
    public static final int REQUEST = 4;
    /** How many there are. */
    public static final int COUNT = 5;

    private PciIrq() {}
}
