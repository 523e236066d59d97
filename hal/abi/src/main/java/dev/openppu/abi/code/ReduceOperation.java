package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** Reductions of redux. */
public enum ReduceOperation {
    ADD, MIN, MAX, AND, OR, XOR;

    private static final ReduceOperation[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable ReduceOperation of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
