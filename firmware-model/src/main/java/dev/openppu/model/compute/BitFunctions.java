package dev.openppu.model.compute;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.PermuteMode;
import dev.openppu.abi.error.FaultMapping;

/** Logic, shifts, and everything about single bits and bytes. */
final class BitFunctions {
    private static final long NOT_FOUND = 0xFFFF_FFFFL;
    /** Source bytes (d.b3, d.b2, d.b1, d.b0 as hex digits) per mode and selector; modes in the order of {@link PermuteMode}. */
    private static final int[][] PERMUTE = {{0x3210, 0x4321, 0x5432, 0x6543}, {0x5670, 0x6701, 0x7012, 0x0123},
        {0x0000, 0x1111, 0x2222, 0x3333},
        {0x3210, 0x3211, 0x3222, 0x3333}, {0x0000, 0x1111, 0x2221, 0x3321}, {0x1010, 0x3232, 0x1010, 0x3232}};

    private BitFunctions() {}

    static LaneFunction of(Opcode opcode, DataType type, Instruction instruction) throws InvalidCode {
        int bits = type.bits();
        boolean wrap = instruction.hasVariant(Instruction.VARIANT_WRAP);
        return switch (opcode) {
            case AND -> (a, b, c, e) -> a & b;
            case OR -> (a, b, c, e) -> a | b;
            case XOR -> (a, b, c, e) -> a ^ b;
            case NOT -> (a, b, c, e) -> ~a;
            case CNOT -> (a, b, c, e) -> Bits.zeroExtend(a, bits) == 0 ? 1 : 0;
            case LOP3 -> BitFunctions::lookUp;
            case SHL -> (a, b, c, e) -> b >= bits ? 0 : a << b;
            case SHR -> type.isSigned()
                    ? (a, b, c, e) -> Bits.signExtend(a, bits) >> Math.min(b, 63)
                    : (a, b, c, e) -> b >= bits ? 0 : Bits.zeroExtend(a, bits) >>> b;
            case SHF -> funnelShift(instruction.hasVariant(Instruction.VARIANT_RIGHT), wrap);
            case POPC -> (a, b, c, e) -> Long.bitCount(a);
            case CLZ -> (a, b, c, e) -> Long.numberOfLeadingZeros(a) - (64 - bits);
            case BREV -> (a, b, c, e) -> Long.reverse(a) >>> 64 - bits;
            case BFIND -> findBit(type, instruction.hasVariant(Instruction.VARIANT_SHIFT_AMOUNT));
            case BFE -> extract(type);
            case BFI -> insert(bits);
            case BMSK -> (a, b, c, e) -> mask(a, b, wrap);
            case SZEXT -> (a, b, c, e) -> extend(a, b, wrap, type.isSigned());
            case FNS -> (a, b, c, e) -> findNthSet(a, (int) b, (int) c);
            case PRMT -> permute(Decoded.valid(PermuteMode.of(instruction.variant())));
            default -> throw new InvalidCode(FaultMapping.KERNEL_INVALID_INSTRUCTION);
        };
    }

    /** lop3: bit i of e is the result for the three input bits that spell i. */
    private static long lookUp(long a, long b, long c, long table) {
        long result = 0;
        for (int i = 0; i < 8; i++) {
            if ((table >>> i & 1) != 0) {
                result |= ((i & 4) != 0 ? a : ~a) & ((i & 2) != 0 ? b : ~b) & ((i & 1) != 0 ? c : ~c);
            }
        }
        return result;
    }

    private static LaneFunction funnelShift(boolean right, boolean wrap) {
        return (a, b, c, e) -> {
            long both = b << 32 | a;
            int amount = wrap ? (int) c & 31 : (int) Math.min(c, 32);
            return right ? both >>> amount : both << amount >>> 32;
        };
    }

    private static LaneFunction findBit(DataType type, boolean shiftAmount) {
        int top = type.bits() - 1;
        return (a, b, c, e) -> {
            long value = Bits.extend(a, type);
            long searched = type.isSigned() && value < 0 ? ~value : value;
            if (searched == 0) {
                return NOT_FOUND;
            }
            int position = 63 - Long.numberOfLeadingZeros(searched);
            return shiftAmount ? top - position : position;
        };
    }

    private static LaneFunction extract(DataType type) {
        int bits = type.bits();
        return (a, b, c, e) -> {
            int start = (int) b & 0xFF;
            int width = (int) c & 0xFF;
            if (width == 0) {
                return 0;
            }
            long value = Bits.extend(a, type);
            if (!type.isSigned()) {
                return start >= bits ? 0 : Bits.zeroExtend(value >>> start, Math.min(width, bits));
            }
            long shifted = value >> Math.min(start, 63);
            return width >= 64 ? shifted : Bits.signExtend(shifted, width);
        };
    }

    private static LaneFunction insert(int bits) {
        return (a, b, c, e) -> {
            int start = (int) c & 0xFF;
            int width = Math.min((int) e & 0xFF, bits);
            if (start >= bits || width == 0) {
                return b;
            }
            long mask = Bits.zeroExtend(-1L, width) << start;
            return b & ~mask | a << start & mask;
        };
    }

    private static long mask(long a, long b, boolean wrap) {
        if (!wrap && a >= 32) {
            return 0;
        }
        int position = (int) a & 31;
        int length = wrap ? (int) b & 31 : (int) Math.min(b, 32);
        return ((1L << length) - 1 << position) & 0xFFFF_FFFFL;
    }

    private static long extend(long a, long b, boolean wrap, boolean signed) {
        if (!wrap && b >= 32) {
            return a;
        }
        int width = (int) b & 31;
        if (width == 0) {
            return 0;
        }
        return signed ? Bits.signExtend(a, width) : Bits.zeroExtend(a, width);
    }

    private static long findNthSet(long mask, int base, int offset) {
        if (base < 0 || base > 31) {
            return NOT_FOUND;
        }
        int step = offset >= 0 ? 1 : -1;
        int remaining = offset == 0 ? 1 : Math.abs(offset);
        for (int position = base; position >= 0 && position < 32; position += step) {
            if ((mask >>> position & 1) != 0 && --remaining == 0) {
                return position;
            }
            if (offset == 0) {
                break;
            }
        }
        return NOT_FOUND;
    }

    private static LaneFunction permute(PermuteMode mode) {
        return (a, b, c, e) -> {
            long pool = b << 32 | a;
            int selectors = mode == PermuteMode.NONE ? (int) c : PERMUTE[mode.code() - 1][(int) c & 3];
            long result = 0;
            for (int i = 0; i < 4; i++) {
                int selector = selectors >>> 4 * i & 0xF;
                long value = pool >>> 8 * (selector & 7) & 0xFF;
                if (mode == PermuteMode.NONE && selector > 7) {
                    value = (value & 0x80) != 0 ? 0xFF : 0;
                }
                result |= value << 8 * i;
            }
            return result;
        };
    }
}
