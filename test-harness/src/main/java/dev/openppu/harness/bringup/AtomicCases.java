package dev.openppu.harness.bringup;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Launch;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.Bench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Atomic instructions on the values at which they go wrong, each pair of them, against plain Java. */
final class AtomicCases {
    private static final int BLOCK = 64;
    private static final long[] WORDS = {0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 0x7fff_ffffL, 0x8000_0000L, 0x8000_0001L, 0xffff_fffeL,
        0xffff_ffffL,
        0x5555_5555L};
    private static final long[] LONGS = {0, 1, 2, 7, 8, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, 0x1_0000_0000L, 0x1_0000_0001L,
        Long.MAX_VALUE,
        Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, -2, 0x5555_5555_5555_5555L};
    /** Zeros, subnormal and smallest normal numbers, ones and what is next to them, the largest, infinities. */
    private static final long[] SINGLES = {0, 0x8000_0000L, 1, 0x8000_0001L, 0x007f_ffffL, 0x0080_0000L, 0x8080_0000L, 0x0080_0001L,
        0x3f80_0000L,
        0xbf80_0000L, 0x3f80_0001L, 0x4b80_0000L, 0x7f7f_ffffL, 0xff7f_ffffL, 0x7f80_0000L, 0xff80_0000L};
    private static final long[] DOUBLES = {0, Long.MIN_VALUE, 1, 0x8000_0000_0000_0001L, 0x000f_ffff_ffff_ffffL, 0x0010_0000_0000_0000L,
        0x3ff0_0000_0000_0000L, 0xbff0_0000_0000_0000L, 0x3ff0_0000_0000_0001L, 0x4340_0000_0000_0001L, 0x7fef_ffff_ffff_ffffL,
        0xffef_ffff_ffff_ffffL, 0x7ff0_0000_0000_0000L, 0xfff0_0000_0000_0000L};
    private static final int CONTENDERS = 1000;
    private static final int BOUND = 332;

    private AtomicCases() {}

    static List<Case> cases() {
        Rule atomics = tix(
                "An atomic operation stores the result of its function and gives the old value; inc is 0 again at its bound, dec is the bound again below 0 and above it");
        return List.of(
                each("atomic.global", "Atomic operations on global memory", atomics, Atomics.atomic(false), WORDS, LONGS),
                each("atomic.shared", "Atomic operations on shared memory", atomics, Atomics.atomic(true), WORDS, LONGS),
                each("atomic.float-global", "Atomic sums of floating numbers in global memory",
                        tix("add.f32 flushes subnormals in global memory; sums are rounded to nearest even"), Atomics.atomicFloat(false),
                        SINGLES,
                        DOUBLES),
                each("atomic.float-shared", "Atomic sums of floating numbers in shared memory",
                        tix("Subnormal numbers count in shared memory; sums are rounded to nearest even"), Atomics.atomicFloat(true),
                        SINGLES,
                        DOUBLES),
                Case.of("instructions.atomic.contended", "Many threads, one word",
                        tix("Atomic operations on global memory are sequentially consistent: each sees what the one before has stored"),
                        AtomicCases::contended));
    }

    private static Rule tix(String text) {
        return new Rule(text, "docs/tix.md §3");
    }

    private static Case each(String id, String title, Rule rule, List<AtomicInstruction> instructions, long[] words, long[] longs) {
        return Case.of("instructions." + id, title, rule, bench -> {
            try (Context context = Presence.computing(bench).createContext(); Stream stream = context.createStream()) {
                PpuModule module = context.loadModule(Kernels.assembled(id + ".tix", source(instructions)));
                Map<Integer, Bank> banks = new HashMap<>();
                for (AtomicInstruction each : instructions) {
                    banks.computeIfAbsent(each.bytes(), bytes -> Bank.of(context, bytes, bytes == Integer.BYTES ? words : longs))
                            .judge(stream, module, each);
                }
                bench.note(instructions.size() + " instructions");
            }
        });
    }

    private static String source(List<AtomicInstruction> instructions) {
        return ".target ppu_10;\n.shared .align 8 .b8 slots[%d];\n".formatted(BLOCK * Long.BYTES)
                + instructions.stream().map(AtomicInstruction::source).collect(Collectors.joining("\n"));
    }

    /**
     * Operands of one width in device memory, for as many instructions as there are.
     *
     * @param sets a, b and c of each thread
     */
    private record Bank(Context context, int bytes, List<long[]> sets, int[] old, DeviceBuffer as, DeviceBuffer bs, DeviceBuffer cs,
            DeviceBuffer ds) {
        static Bank of(Context context, int bytes, long[] edges) {
            List<long[]> sets = new ArrayList<>();
            for (long a : edges) {
                for (long b : edges) {
                    sets.add(new long[]{a, b, edges[sets.size() % edges.length]});
                }
            }
            int[] old = column(sets, 0, bytes);
            return new Bank(context, bytes, sets, old, Kernels.upload(context, old), Kernels.upload(context, column(sets, 1, bytes)),
                    Kernels.upload(context, column(sets, 2, bytes)), Kernels.upload(context, new int[old.length]));
        }

        void judge(Stream stream, PpuModule module, AtomicInstruction each) {
            stream.launch(module.kernel(each.name()), Launch.linear(sets.size(), BLOCK), as, bs, cs, ds, sets.size());
            stream.synchronize();
            int[] twin = column(sets.stream().map(set -> new long[]{each.twin().of(set[0], set[1], set[2])}).toList(), 0, bytes);
            expect(each, sets, "gives", old, Kernels.download(context, ds, old.length));
            expect(each, sets, "leaves", twin, Kernels.download(context, as, old.length));
            Kernels.upload(context, as, old);
        }
    }

    private static int[] column(List<long[]> sets, int which, int bytes) {
        int words = bytes / Integer.BYTES;
        return IntStream.range(0, sets.size() * words).map(i -> (int) (sets.get(i / words)[which] >>> Integer.SIZE * (i % words)))
                .toArray();
    }

    private static void expect(AtomicInstruction each, List<long[]> sets, String does, int[] expected, int[] seen) {
        int at = Arrays.mismatch(expected, seen);
        if (at >= 0) {
            int words = each.bytes() / Integer.BYTES;
            long[] set = sets.get(at / words);
            Check.hex("%s of 0x%x, 0x%x, 0x%x %s (32 bits from bit %d on)".formatted(each.name(), set[0], set[1], set[2], does,
                    Integer.SIZE * (at % words)), Integer.toUnsignedLong(expected[at]), Integer.toUnsignedLong(seen[at]));
        }
    }

    /** Old values of sums are each number once; those of inc go round its bound, whoever comes when. */
    private static void contended(Bench bench) {
        List<AtomicInstruction> all = Atomics.atomic(false).stream().filter(each -> each.name().matches("global_(add|inc|dec)_u32"))
                .map(AtomicCases::onOneWord).toList();
        try (Context context = Presence.computing(bench).createContext(); Stream stream = context.createStream()) {
            PpuModule module = context.loadModule(Kernels.assembled("contended.tix", source(all)));
            for (AtomicInstruction each : all) {
                long bound = each.name().contains("add") ? 1 : BOUND;
                int[] operand = new int[CONTENDERS];
                Arrays.fill(operand, (int) bound);
                try (DeviceBuffer as = Kernels.upload(context, new int[CONTENDERS]);
                        DeviceBuffer bs = Kernels.upload(context, operand);
                        DeviceBuffer ds = Kernels.upload(context, new int[CONTENDERS])) {
                    stream.launch(module.kernel(each.name()), Launch.linear(CONTENDERS, BLOCK), as, bs, bs, ds, CONTENDERS);
                    stream.synchronize();
                    int[] expected = new int[CONTENDERS];
                    long word = 0;
                    for (int i = 0; i < CONTENDERS; i++) {
                        expected[i] = (int) word;
                        word = each.twin().of(word, bound, 0);
                    }
                    int[] seen = Kernels.download(context, ds, CONTENDERS);
                    Arrays.sort(expected);
                    Arrays.sort(seen);
                    int at = Arrays.mismatch(expected, seen);
                    Check.that(at < 0,
                            "old values of %d times %s, in order: %d at %d".formatted(CONTENDERS, each.name(), at < 0 ? 0 : expected[at],
                                    at),
                            at < 0 ? "" : "%d".formatted(seen[at]));
                    Check.equal("word after %d times %s".formatted(CONTENDERS, each.name()), (int) word,
                            Kernels.download(context, as, 1)[0]);
                }
            }
        }
    }

    private static AtomicInstruction onOneWord(AtomicInstruction each) {
        return new AtomicInstruction(each.name(), each.bytes(), "ppu.ld.param.u64 memory, [as];\n    " + each.code(), each.twin());
    }
}
