package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** TIX data types (fact sheet, section 10) with their native numbers. */
public enum DataType {
    PRED(1, 1, Kind.PREDICATE),
    B8(2, 8, Kind.BITS),
    B16(3, 16, Kind.BITS),
    B32(4, 32, Kind.BITS),
    B64(5, 64, Kind.BITS),
    B128(6, 128, Kind.BITS),
    U8(7, 8, Kind.UNSIGNED),
    U16(8, 16, Kind.UNSIGNED),
    U32(9, 32, Kind.UNSIGNED),
    U64(10, 64, Kind.UNSIGNED),
    S8(11, 8, Kind.SIGNED),
    S16(12, 16, Kind.SIGNED),
    S32(13, 32, Kind.SIGNED),
    S64(14, 64, Kind.SIGNED),
    F16(15, 16, Kind.FLOAT),
    BF16(16, 16, Kind.FLOAT),
    F16X2(17, 32, Kind.PACKED_FLOAT),
    BF16X2(18, 32, Kind.PACKED_FLOAT),
    F32(19, 32, Kind.FLOAT),
    F32X2(20, 64, Kind.PACKED_FLOAT),
    F64(21, 64, Kind.FLOAT),
    U16X2(22, 32, Kind.PACKED_INTEGER),
    S16X2(23, 32, Kind.PACKED_INTEGER);

    /** What the bits of a type mean. */
    public enum Kind {
        PREDICATE, BITS, UNSIGNED, SIGNED, FLOAT, PACKED_FLOAT, PACKED_INTEGER
    }

    private static final @Nullable DataType[] BY_CODE = new DataType[32];

    static {
        for (DataType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final int bits;
    private final Kind kind;

    DataType(int code, int bits, Kind kind) {
        this.code = code;
        this.bits = bits;
        this.kind = kind;
    }

    /** Number in the encoding, 1 to 31. */
    public int code() {
        return code;
    }

    public int bits() {
        return bits;
    }

    /** Bytes in memory; a predicate has none there and answers 0. */
    public int bytes() {
        return bits / 8;
    }

    /** 32-bit registers that a value takes: 1, 2 or 4; a predicate takes none of them and answers 0. */
    public int registers() {
        return this == PRED ? 0 : Math.max(1, bits / 32);
    }

    public Kind kind() {
        return kind;
    }

    public boolean isInteger() {
        return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
    }

    public boolean isSigned() {
        return kind == Kind.SIGNED;
    }

    public boolean isFloat() {
        return kind == Kind.FLOAT || kind == Kind.PACKED_FLOAT;
    }

    /** As TIX writes it, with the dot: {@code .f32}. */
    public String text() {
        return "." + name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The type with this number, or null (0 stands for no type). */
    public static @Nullable DataType of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
