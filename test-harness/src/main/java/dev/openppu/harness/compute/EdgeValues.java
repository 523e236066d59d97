package dev.openppu.harness.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Operand sets: the values at which things go wrong, in all combinations, and seeded random ones. */
final class EdgeValues {
    private static final long[] INTEGERS = {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 0x7FFF, 0x8000,
        0xFFFF, 0x1_0000,
        0x00FF_FFFF, 0x0080_0000, 0x7FFF_FFFF, 0x8000_0000L, 0xFFFF_FFFFL, 0x1_0000_0000L, Long.MAX_VALUE, Long.MIN_VALUE, -1, -2, -3, -128,
        -32768,
        0xFFFF_FFFF_8000_0000L, 0x5555_5555_5555_5555L};
    private static final int[] FLOATS = {0, 0x8000_0000, 1, 0x8000_0001, 0x007F_FFFF, 0x807F_FFFF, 0x0080_0000, 0x8080_0000, 0x3F80_0000,
        0xBF80_0000,
        0x3F80_0001, 0x3F7F_FFFF, 0x4B00_0001, 0x4B80_0000, 0x7F7F_FFFF, 0xFF7F_FFFF, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0x7F80_0001,
        0x3F00_0000,
        0x4040_0000, 0x3EAA_AAAB, 0x7F00_0000, 0x4F00_0000, 0x5F00_0000, 0x5F80_0000, 0x33800000, 0xCF000000};
    private static final long[] DOUBLES = {0, Long.MIN_VALUE, 1, 0x8000_0000_0000_0001L, 0x000F_FFFF_FFFF_FFFFL, 0x0010_0000_0000_0000L,
        0x3FF0_0000_0000_0000L, 0xBFF0_0000_0000_0000L, 0x3FF0_0000_0000_0001L, 0x3FEF_FFFF_FFFF_FFFFL, 0x4340_0000_0000_0001L,
        0x7FEF_FFFF_FFFF_FFFFL,
        0xFFEF_FFFF_FFFF_FFFFL, 0x7FF0_0000_0000_0000L, 0xFFF0_0000_0000_0000L, 0x7FF8_0000_0000_0000L, 0x7FF0_0000_0000_0001L,
        0x3FE0_0000_0000_0000L,
        0x4008_0000_0000_0000L, 0x43E0_0000_0000_0000L, 0x43F0_0000_0000_0000L, 0x41DF_FFFF_FFE0_0000L, 0x36A0_0000_0000_0000L,
        0x1FF0_0000_0000_0000L,
        0x47EF_FFFF_F000_0000L, 0x380F_FFFF_F000_0000L, 0x40EF_FC00_0000_0000L};

    private EdgeValues() {}

    static long[][] integers(RandomGenerator random, int operands) {
        return sets(INTEGERS, random, operands, EdgeValues::randomInteger);
    }

    static long[][] floats(RandomGenerator random, int operands) {
        long[] values = new long[FLOATS.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = FLOATS[i] & 0xFFFF_FFFFL;
        }
        return sets(values, random, operands, EdgeValues::randomFloat);
    }

    static long[][] doubles(RandomGenerator random, int operands) {
        return sets(DOUBLES, random, operands, EdgeValues::randomDouble);
    }

    /** All 16-bit patterns as a, random ones as b and c. */
    static long[][] halves(RandomGenerator random) {
        long[][] sets = new long[1 << 16][];
        for (int i = 0; i < sets.length; i++) {
            sets[i] = new long[]{i, random.nextInt(1 << 16), random.nextInt(1 << 16)};
        }
        return sets;
    }

    private interface Random {
        long next(RandomGenerator random);
    }

    private static long[][] sets(long[] edges, RandomGenerator random, int operands, Random source) {
        List<long[]> sets = new ArrayList<>();
        for (long a : edges) {
            for (int i = 0; i < (operands > 1 ? edges.length : 1); i++) {
                long c = edges[random.nextInt(edges.length)];
                sets.add(new long[]{a, edges[i], c});
                if (operands > 2) {
                    sets.add(new long[]{a, edges[i], edges[random.nextInt(edges.length)]});
                    sets.add(new long[]{a, edges[i], source.next(random)});
                }
            }
        }
        for (int i = 0; i < 3000; i++) {
            sets.add(new long[]{source.next(random), source.next(random), source.next(random)});
        }
        return sets.toArray(long[][]::new);
    }

    private static long randomInteger(RandomGenerator random) {
        return random.nextLong() >> random.nextInt(64);
    }

    /** Exponents near each other half of the time, so that sums cancel and products round. */
    private static long randomFloat(RandomGenerator random) {
        int exponent = random.nextBoolean() ? 120 + random.nextInt(16) : random.nextInt(256);
        int fraction = random.nextInt(4) == 0 ? random.nextInt(8) << 20 : random.nextInt(1 << 23);
        return (random.nextBoolean() ? 0x8000_0000L : 0) | (long) exponent << 23 | fraction;
    }

    private static long randomDouble(RandomGenerator random) {
        long exponent = random.nextBoolean() ? 1010 + random.nextInt(26) : random.nextInt(2048);
        long fraction = random.nextInt(4) == 0 ? (long) random.nextInt(8) << 49 : random.nextLong() & (1L << 52) - 1;
        return (random.nextBoolean() ? Long.MIN_VALUE : 0) | exponent << 52 | fraction;
    }
}
