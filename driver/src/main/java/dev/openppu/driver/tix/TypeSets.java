package dev.openppu.driver.tix;

import static dev.openppu.abi.code.DataType.*;

import dev.openppu.abi.code.DataType;
import java.util.EnumSet;
import java.util.Set;

/** Types that instructions take together. */
final class TypeSets {
    static final Set<DataType> INTEGERS = EnumSet.of(U16, U32, U64, S16, S32, S64);
    static final Set<DataType> SIGNED = EnumSet.of(S16, S32, S64);
    static final Set<DataType> INTEGERS_32_64 = EnumSet.of(U32, U64, S32, S64);
    static final Set<DataType> INTEGERS_32 = EnumSet.of(U32, S32);
    static final Set<DataType> PACKED_INTEGERS = EnumSet.of(U16X2, S16X2);
    static final Set<DataType> HALVES = EnumSet.of(F16, F16X2, BF16, BF16X2);
    static final Set<DataType> SINGLE_DOUBLE = EnumSet.of(F32, F64);
    static final Set<DataType> FLOATS = union(HALVES, EnumSet.of(F32, F32X2, F64));
    static final Set<DataType> FLOATS_WITHOUT_PAIR = union(HALVES, SINGLE_DOUBLE);
    static final Set<DataType> BITS = EnumSet.of(B16, B32, B64);
    static final Set<DataType> BITS_32_64 = EnumSet.of(B32, B64);
    static final Set<DataType> BITS_32 = EnumSet.of(B32);
    static final Set<DataType> LOGIC = union(BITS, EnumSet.of(PRED));
    static final Set<DataType> SHIFT_RIGHT = union(BITS, INTEGERS);
    static final Set<DataType> VALUES = union(BITS, INTEGERS, SINGLE_DOUBLE);
    static final Set<DataType> COMPARED = union(VALUES, HALVES);
    static final Set<DataType> CONVERTED = union(INTEGERS, EnumSet.of(U8, S8, F16, BF16, F32, F64));
    static final Set<DataType> STORED = union(VALUES, EnumSet.of(B8, U8, S8, B128));
    static final Set<DataType> MOVED = union(VALUES, EnumSet.of(PRED, B128, F16, BF16, F16X2, BF16X2));

    private TypeSets() {}

    @SafeVarargs
    static Set<DataType> union(Set<DataType>... sets) {
        Set<DataType> all = EnumSet.noneOf(DataType.class);
        for (Set<DataType> set : sets) {
            all.addAll(set);
        }
        return all;
    }
}
