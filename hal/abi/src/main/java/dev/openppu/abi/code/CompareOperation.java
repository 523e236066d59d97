package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** Relations of cmp and cmpp. The U forms are true when an operand is NaN; LO to HS are unsigned. */
public enum CompareOperation {
    EQ, NE, LT, LE, GT, GE, LO, LS, HI, HS, EQU, NEU, LTU, LEU, GTU, GEU, NUM, NAN;

    private static final CompareOperation[] BY_CODE = values();

    /** Number in the encoding. */
    public int code() {
        return ordinal();
    }

    /** The value with this number, or null. */
    public static @Nullable CompareOperation of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
