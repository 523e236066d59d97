package dev.openppu.hal.vfiouser.protocol;

/** Numbers of a PCI function's regions. */
public final class PciRegion {
    /** BAR0; the others follow. */
    public static final int BAR0 = 0;
    public static final int BARS = 6;
    public static final int ROM = 6;
    public static final int CONFIG = 7;
    public static final int VGA = 8;
    /** How many there are. */
    public static final int COUNT = 9;

    private PciRegion() {}
}
