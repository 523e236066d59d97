package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** Cache hints of loads and stores; hints only, no effect on values. */
public enum CacheOperator {
    NONE, CA, CR, CG, RT, CS, CV, BL, BA, WB, WT;

    private static final CacheOperator[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable CacheOperator of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
