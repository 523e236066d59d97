package dev.openppu.harness.compute;

import java.util.Random;

/** Logic, shifts, fields, masks and permutations of bits; predicates. */
final class BitInstructions {
    private BitInstructions() {}

    static void addTo(InstructionCatalogue into) {
        for (int bits : new int[]{16, 32, 64}) {
            logicWorksOnEveryWidth(into.group("logic works on every width"), bits);
        }
        for (int bits : new int[]{16, 32, 64}) {
            shiftsBeyondTheWidthClamp(into.group("shifts beyond the width clamp"), bits);
        }
        funnelShiftsTakeAcrossTheWordBoundary(into.group("funnel shifts take across the word boundary"));
        for (int bits : new int[]{32, 64}) {
            countsAndSearches(into.group("counts and searches"), bits);
        }
        for (int bits : new int[]{32, 64}) {
            fieldsAreTakenAndPutBitByBit(into.group("fields are taken and put bit by bit"), bits);
        }
        masksAndExtensionsFollowTheirModes(into.group("masks and extensions follow their modes"));
        tablesOfThreeInputs(into.group("tables of three inputs"));
        bytesArePermuted(into.group("bytes are permuted"));
        theNthSetBitIsFoundInBothDirections(into.group("the nth set bit is found in both directions"));
        predicatesHaveLogicOfTheirOwn(into.group("predicates have logic of their own"));
    }

    private static long[][] sets(int operands) {
        return EdgeValues.integers(new Random(30), operands);
    }

    private static void logicWorksOnEveryWidth(InstructionGroup into, int bits) {
        int[] two = {bits, bits, bits, 0};
        int[] one = {bits, bits, 0, 0};
        into.check("ppu.and.b" + bits + " d, a, b", two, sets(2), (a, b, c) -> a & b);
        into.check("ppu.or.b" + bits + " d, a, b", two, sets(2), (a, b, c) -> a | b);
        into.check("ppu.xor.b" + bits + " d, a, b", two, sets(2), (a, b, c) -> a ^ b);
        into.check("ppu.not.b" + bits + " d, a", one, sets(1), (a, b, c) -> ~a);
        into.check("ppu.cnot.b" + bits + " d, a", one, sets(1), (a, b, c) -> a == 0 ? 1 : 0);
    }

    private static void shiftsBeyondTheWidthClamp(InstructionGroup into, int bits) {
        int[] widths = {bits, bits, 32, 0};
        into.check("ppu.shl.b" + bits + " d, a, b", widths, sets(2), (a, b, c) -> b >= bits ? 0 : a << b);
        into.check("ppu.shr.u" + bits + " d, a, b", widths, sets(2), (a, b, c) -> b >= bits ? 0 : a >>> b);
        into.check("ppu.shr.s" + bits + " d, a, b", widths, sets(2),
                (a, b, c) -> a << 64 - bits >> 64 - bits >> Math.min(b, bits - 1));
    }

    private static void funnelShiftsTakeAcrossTheWordBoundary(InstructionGroup into) {
        int[] widths = {32, 32, 32, 32};
        into.check("ppu.shf.l.wrap.b32 d, a, b, c", widths, sets(3), (a, b, c) -> (b << 32 | a) << (c & 31) >>> 32);
        into.check("ppu.shf.r.wrap.b32 d, a, b, c", widths, sets(3), (a, b, c) -> (b << 32 | a) >>> (c & 31));
        into.check("ppu.shf.l.clamp.b32 d, a, b, c", widths, sets(3), (a, b, c) -> (b << 32 | a) << Math.min(c, 32) >>> 32);
        into.check("ppu.shf.r.clamp.b32 d, a, b, c", widths, sets(3), (a, b, c) -> (b << 32 | a) >>> Math.min(c, 32));
    }

    private static void countsAndSearches(InstructionGroup into, int bits) {
        int[] count = {32, bits, 0, 0};
        into.check("ppu.popc.b" + bits + " d, a", count, sets(1), (a, b, c) -> Long.bitCount(a));
        into.check("ppu.clz.b" + bits + " d, a", count, sets(1), (a, b, c) -> Long.numberOfLeadingZeros(a) - 64 + bits);
        into.check("ppu.brev.b" + bits + " d, a", new int[]{bits, bits, 0, 0}, sets(1),
                (a, b, c) -> Long.reverse(a) >>> 64 - bits);
        into.check("ppu.bfind.u" + bits + " d, a", count, sets(1),
                (a, b, c) -> a == 0 ? -1 : 63 - Long.numberOfLeadingZeros(a));
        into.check("ppu.bfind.shiftamt.s" + bits + " d, a", count, sets(1), (a, b, c) -> {
            long value = a << 64 - bits >> 64 - bits;
            long searched = value < 0 ? ~value : value;
            return searched == 0 ? -1 : bits - 1 - (63 - Long.numberOfLeadingZeros(searched));
        });
    }

    private static void fieldsAreTakenAndPutBitByBit(InstructionGroup into, int bits) {
        for (boolean signed : new boolean[]{false, true}) {
            into.check("ppu.bfe." + (signed ? "s" : "u") + bits + " d, a, b, c", new int[]{bits, bits, 32, 32}, sets(3),
                    (a, b, c) -> {
                        int start = (int) b & 0xFF;
                        int width = (int) c & 0xFF;
                        long sign = !signed || width == 0 ? 0 : a >>> Math.min(start + width - 1, bits - 1) & 1;
                        long result = 0;
                        for (int k = 0; k < bits; k++) {
                            long bit = k < width && start + k < bits ? a >>> start + k & 1 : sign;
                            result |= bit << k;
                        }
                        return result;
                    });
        }
        String insert = "ppu.bfi.b" + bits + " d, a, b, c, 7";
        into.check(insert, new int[]{bits, bits, bits, 32}, sets(3), (a, b, c) -> {
            long result = b;
            int start = (int) c & 0xFF;
            for (int k = 0; k < 7 && start + k < bits; k++) {
                result = result & ~(1L << start + k) | (a >>> k & 1) << start + k;
            }
            return result;
        });
    }

    private static void masksAndExtensionsFollowTheirModes(InstructionGroup into) {
        int[] widths = {32, 32, 32, 0};
        into.check("ppu.bmsk.clamp.b32 d, a, b", widths, sets(2), (a, b, c) -> {
            long result = 0;
            for (long k = 0; k < 32; k++) {
                result |= k >= a && k < a + b ? 1L << k : 0;
            }
            return result;
        });
        into.check("ppu.bmsk.wrap.b32 d, a, b", widths, sets(2), (a, b, c) -> (1L << (b & 31)) - 1 << (a & 31));
        into.check("ppu.szext.clamp.s32 d, a, b", widths, sets(2),
                (a, b, c) -> b == 0 ? 0 : b >= 32 ? a : a << 64 - b >> 64 - b);
        into.check("ppu.szext.wrap.u32 d, a, b", widths, sets(2), (a, b, c) -> a & (1L << (b & 31)) - 1);
    }

    private static void tablesOfThreeInputs(InstructionGroup into) {
        for (int table : new int[]{0, 0x80, 0xFE, 0x40, 0x1A, 0x96, 0xE8, 0xFF}) {
            into.check("ppu.lop3.b32 d, a, b, c, 0x" + Integer.toHexString(table), new int[]{32, 32, 32, 32}, sets(3),
                    (a, b, c) -> {
                        long result = 0;
                        for (int k = 0; k < 32; k++) {
                            int index = (int) ((a >>> k & 1) << 2 | (b >>> k & 1) << 1 | c >>> k & 1);
                            result |= (long) (table >>> index & 1) << k;
                        }
                        return result;
                    });
        }
    }

    private static void bytesArePermuted(InstructionGroup into) {
        int[] widths = {32, 32, 32, 32};
        into.check("ppu.prmt.b32 d, a, b, c", widths, sets(3), (a, b, c) -> {
            long result = 0;
            for (int i = 0; i < 4; i++) {
                int selector = (int) (c >>> 4 * i) & 15;
                long value = (b << 32 | a) >>> 8 * (selector & 7) & 0xFF;
                result |= (selector < 8 ? value : (value & 0x80) != 0 ? 0xFF : 0) << 8 * i;
            }
            return result;
        });
        into.check("ppu.prmt.b32.f4e d, a, b, c", widths, sets(3), (a, b, c) -> (b << 32 | a) >>> 8 * (c & 3));
        into.check("ppu.prmt.b32.rc8 d, a, b, c", widths, sets(3), (a, b, c) -> (a >>> 8 * (c & 3) & 0xFF) * 0x0101_0101L);
        into.check("ppu.prmt.b32.rc16 d, a, b, c", widths, sets(3), (a, b, c) -> (a >>> 16 * (c & 1) & 0xFFFF) * 0x1_0001L);
        // Backward from byte n of {b, a}: b0 is n, b1 n-1, … around 8.
        into.check("ppu.prmt.b32.b4e d, a, b, c", widths, sets(3), (a, b, c) -> {
            long result = 0;
            for (int i = 0; i < 4; i++) {
                result |= ((b << 32 | a) >>> 8 * ((c & 3) - i & 7) & 0xFF) << 8 * i;
            }
            return result;
        });
        into.check("ppu.prmt.b32.ecl d, a, b, c", widths, sets(3), (a, b, c) -> {
            long result = 0;
            for (int i = 0; i < 4; i++) {
                result |= (a >>> 8 * Math.max(i, (int) c & 3) & 0xFF) << 8 * i;
            }
            return result;
        });
        // The published table of .ecr, which is not a plain minimum.
        int[] selectors = {0x0000, 0x1111, 0x2221, 0x3321};
        into.check("ppu.prmt.b32.ecr d, a, b, c", widths, sets(3), (a, b, c) -> {
            long result = 0;
            for (int i = 0; i < 4; i++) {
                result |= (a >>> 8 * (selectors[(int) c & 3] >>> 4 * i & 3) & 0xFF) << 8 * i;
            }
            return result;
        });
    }

    private static void theNthSetBitIsFoundInBothDirections(InstructionGroup into) {
        long[][] sets = new long[4000][];
        Random random = new Random(31);
        for (int i = 0; i < sets.length; i++) {
            sets[i] = new long[]{random.nextInt(), random.nextInt(32), random.nextInt(21) - 10};
        }
        into.check("ppu.fns.b32 d, a, b, c", new int[]{32, 32, 32, 32}, sets, (a, b, c) -> {
            int offset = (int) c;
            int seen = 0;
            if (offset == 0) {
                return (a >>> b & 1) != 0 ? b : -1;
            }
            for (long k = b; k >= 0 && k < 32; k += Integer.signum(offset)) {
                seen += (int) (a >>> k & 1);
                if (seen == Math.abs(offset)) {
                    return k;
                }
            }
            return -1;
        });
    }

    private static void predicatesHaveLogicOfTheirOwn(InstructionGroup into) {
        int[] widths = {1, 1, 1, 0};
        into.check("ppu.and.pred d, a, b", widths, sets(2), (a, b, c) -> a & b);
        into.check("ppu.or.pred d, a, b", widths, sets(2), (a, b, c) -> a | b);
        into.check("ppu.xor.pred d, a, b", widths, sets(2), (a, b, c) -> a ^ b);
        into.check("ppu.not.pred d, a", new int[]{1, 1, 0, 0}, sets(1), (a, b, c) -> ~a);
    }
}
