package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** Rounding of a result that does not fit. For conversions to an integral value the same numbers mean .irtte, .irtz, .irtn, .irtp. */
public enum Rounding {
    /** Not written: to nearest even where the operation rounds. */
    NONE, NEAREST_EVEN, TOWARD_ZERO, DOWN, UP;

    private static final Rounding[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable Rounding of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
