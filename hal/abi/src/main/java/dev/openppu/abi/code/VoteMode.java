package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** What vote answers. */
public enum VoteMode {
    ALL, ANY, UNI, BALLOT;

    private static final VoteMode[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable VoteMode of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
