package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** What testp tests. */
public enum FloatClass {
    FINITE, INFINITE, NUMBER, NOTANUMBER, NORMAL, SUBNORMAL;

    private static final FloatClass[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable FloatClass of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
