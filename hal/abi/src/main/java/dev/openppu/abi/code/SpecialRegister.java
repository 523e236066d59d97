package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** Read-only registers that say who and where a thread is (names: fact sheet, section 10; numbers ours). */
public enum SpecialRegister {
    TID_X(0, "tid.x"),
    TID_Y(1, "tid.y"),
    TID_Z(2, "tid.z"),
    TID_W(3, "tid.w"),
    NTID_X(4, "ntid.x"),
    NTID_Y(5, "ntid.y"),
    NTID_Z(6, "ntid.z"),
    NTID_W(7, "ntid.w"),
    BLKID_X(8, "blkid.x"),
    BLKID_Y(9, "blkid.y"),
    BLKID_Z(10, "blkid.z"),
    BLKID_W(11, "blkid.w"),
    NBLKID_X(12, "nblkid.x"),
    NBLKID_Y(13, "nblkid.y"),
    NBLKID_Z(14, "nblkid.z"),
    NBLKID_W(15, "nblkid.w"),
    LANEID(16, "laneid"),
    WARPID(17, "warpid"),
    NWARPID(18, "nwarpid"),
    CUID(19, "cuid"),
    NCUID(20, "ncuid"),
    GRIDID(21, "gridid", 64),
    LANEMASK_EQ(22, "lanemask_eq"),
    LANEMASK_LE(23, "lanemask_le"),
    LANEMASK_LT(24, "lanemask_lt"),
    LANEMASK_GE(25, "lanemask_ge"),
    LANEMASK_GT(26, "lanemask_gt"),
    CLOCK(27, "clock"),
    CLOCK_HI(28, "clock_hi"),
    CLOCK64(29, "clock64", 64),
    GLOBALTIMER(30, "globaltimer", 64),
    GLOBALTIMER_LO(31, "globaltimer_lo"),
    GLOBALTIMER_HI(32, "globaltimer_hi");

    private static final SpecialRegister[] ALL = values();

    private final int code;
    private final String text;
    private final int bits;

    SpecialRegister(int code, String text) {
        this(code, text, 32);
    }

    SpecialRegister(int code, String text, int bits) {
        this.code = code;
        this.text = text;
        this.bits = bits;
    }

    public int code() {
        return code;
    }

    /** As TIX writes it, without the percent sign. */
    public String text() {
        return text;
    }

    /** 32 or 64. */
    public int bits() {
        return bits;
    }

    /** True when two reads in one thread can differ. */
    public boolean changesWithTime() {
        return code >= CLOCK.code;
    }

    /** The register with this number, or null. */
    public static @Nullable SpecialRegister of(int code) {
        return code >= 0 && code < ALL.length ? ALL[code] : null;
    }

    /** The register with this name (no percent sign), or null. */
    public static @Nullable SpecialRegister named(String text) {
        for (SpecialRegister register : ALL) {
            if (register.text.equals(text)) {
                return register;
            }
        }
        return null;
    }
}
