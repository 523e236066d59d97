package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** What bar does at its barrier. */
public enum BarrierOperation {
    SYNC, ARRIVE, RED_POPC, RED_AND, RED_OR;

    private static final BarrierOperation[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable BarrierOperation of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
