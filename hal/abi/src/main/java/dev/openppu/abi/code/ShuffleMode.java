package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** How shfl finds the lane to read. */
public enum ShuffleMode {
    UP, DOWN, BFLY, IDX;

    private static final ShuffleMode[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable ShuffleMode of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
