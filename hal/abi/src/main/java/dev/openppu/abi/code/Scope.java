package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** The threads that an ordered operation synchronises with. */
public enum Scope {
    NONE, BLK, GPU, SYS;

    private static final Scope[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable Scope of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
