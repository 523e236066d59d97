package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** Read-modify-write operations of atom. */
public enum AtomicOperation {
    AND, OR, XOR, CAS, EXCH, ADD, INC, DEC, MIN, MAX;

    private static final AtomicOperation[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable AtomicOperation of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
