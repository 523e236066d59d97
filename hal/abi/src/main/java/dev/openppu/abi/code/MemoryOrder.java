package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** Ordering that a memory operation or a fence asks for. */
public enum MemoryOrder {
    WEAK, RELAXED, ACQUIRE, RELEASE, ACQ_REL, SC, VOLATILE;

    private static final MemoryOrder[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable MemoryOrder of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
