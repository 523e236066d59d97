package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** Where an address points. GENERIC finds out by the address. */
public enum StateSpace {
    GENERIC, GLOBAL, SHARED, LOCAL, CONST, PARAM;

    private static final StateSpace[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable StateSpace of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
