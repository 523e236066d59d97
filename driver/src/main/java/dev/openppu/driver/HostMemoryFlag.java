package dev.openppu.driver;

/** Published flags of pinned and registered host memory; the numbers that both kinds share mean the same. */
public enum HostMemoryFlag {
    /** Usable in every context, of any device ({@link HostMemory#in}). */
    PORTABLE(1),
    /** Mapped for the device. It always is; the flag is taken and changes nothing. */
    DEVICEMAP(2),
    /** Pinned memory that the host should write only. This host's caches keep it coherent; the flag is taken and changes nothing. */
    WRITECOMBINED(4),
    /** Registered memory that is another device's registers. Not supported: NOT_SUPPORTED. */
    IOMEMORY(4),
    /** Registered memory that the device may read only: its writes fault. */
    READ_ONLY(8);

    private final int number;

    HostMemoryFlag(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
