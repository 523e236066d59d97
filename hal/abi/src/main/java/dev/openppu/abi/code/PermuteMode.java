package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** How prmt reads its selector. */
public enum PermuteMode {
    NONE, F4E, B4E, RC8, ECL, ECR, RC16;

    private static final PermuteMode[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable PermuteMode of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
