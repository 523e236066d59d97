package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** Which part of a product the result takes. */
public enum ProductPart {
    LO, HI, WIDE;

    private static final ProductPart[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable ProductPart of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
