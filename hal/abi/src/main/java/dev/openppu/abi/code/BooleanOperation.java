package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** How a comparison combines with a source predicate. */
public enum BooleanOperation {
    NONE, AND, OR, XOR;

    private static final BooleanOperation[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable BooleanOperation of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
