package dev.openppu.harness.bringup;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.compute.BlockCatalogue;
import dev.openppu.harness.compute.BlockCheck;
import dev.openppu.harness.compute.InstructionCatalogue;
import dev.openppu.harness.compute.InstructionCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** The catalogues of instructions and of blocks on a device: a kernel for each, one launch with all of its operands, or some. */
final class CatalogueCases {
    private static final int WARP = InstructionCheck.WARP;
    private static final int COLUMNS = 3;
    private static final int MOST_SETS = 1024;

    private CatalogueCases() {}

    static Stage stage(SuiteSettings settings) {
        List<Case> cases = new ArrayList<>();
        InstructionCatalogue.groups().forEach((title, checks) -> cases.add(named(title, bench -> run(bench, checks, settings))));
        BlockCatalogue.groups().forEach((title, checks) -> cases.add(named(title, bench -> runBlocks(bench, checks))));
        cases.addAll(AtomicCases.cases());
        return new Stage("instructions", "What instructions compute", cases);
    }

    private static Case named(String title, Case.Body body) {
        String sentence = title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
        return Case.of("instructions." + title.replace(' ', '-'), sentence, new Rule(sentence, "docs/tix.md §3"), body);
    }

    private static void runBlocks(Bench bench, List<BlockCheck> checks) {
        try (Context context = Presence.computing(bench).createContext(); Stream stream = context.createStream()) {
            for (BlockCheck check : checks) {
                PpuModule module = context.loadModule(Kernels.assembled("block.tix", ".target ppu_10;\n" + check.kernel("block")));
                DeviceBuffer out = Kernels.upload(context, new int[check.threads()]);
                stream.launch(module.kernel("block"), Launch.of(Extent.of(1), Extent.of(check.threads())), out);
                stream.synchronize();
                int[] seen = Kernels.download(context, out, check.threads());
                for (int thread = 0; thread < seen.length; thread++) {
                    Check.equal("result of thread %d of %d of: %s".formatted(thread, seen.length, check.shown()),
                            check.expected().applyAsInt(thread), seen[thread]);
                }
                module.close();
            }
            bench.note(checks.size() + " programs");
        }
    }

    private static void run(Bench bench, List<InstructionCheck> checks, SuiteSettings settings) {
        try (Context context = Presence.computing(bench).createContext(); Stream stream = context.createStream()) {
            StringBuilder source = new StringBuilder(".target ppu_10;\n");
            for (int i = 0; i < checks.size(); i++) {
                source.append(checks.get(i).kernel(name(i)));
            }
            PpuModule module = context.loadModule(Kernels.assembled("instructions.tix", source.toString()));
            Map<long[][], Columns> columns = new IdentityHashMap<>();
            for (int i = 0; i < checks.size(); i++) {
                Columns operands = columns.computeIfAbsent(checks.get(i).operands(), sets -> Columns.of(context, sample(sets, settings)));
                operands.run(stream, module, name(i));
                operands.judge(checks.get(i));
            }
            bench.note(checks.size() + " instructions");
        }
    }

    /** Of many sets some, by the seed; all of them if it is to be thorough. */
    private static long[][] sample(long[][] sets, SuiteSettings settings) {
        if (settings.thorough() || sets.length <= MOST_SETS) {
            return sets;
        }
        List<long[]> shuffled = new ArrayList<>(List.of(sets));
        Collections.shuffle(shuffled, new Random(settings.seed()));
        return shuffled.subList(0, MOST_SETS).toArray(long[][]::new);
    }

    private static String name(int index) {
        return "check" + index;
    }

    /** Sets of operands in device memory, and where the results go; the context's end takes them back. */
    private record Columns(Context context, long[][] sets, int threads, List<DeviceBuffer> operands, DeviceBuffer results) {
        static Columns of(Context context, long[][] sets) {
            int threads = Math.ceilDiv(sets.length, WARP) * WARP;
            List<DeviceBuffer> operands = new ArrayList<>();
            for (int column = 0; column < COLUMNS; column++) {
                int[] words = new int[2 * threads];
                for (int i = 0; i < threads; i++) {
                    long value = sets[i % sets.length][column];
                    words[2 * i] = (int) value;
                    words[2 * i + 1] = (int) (value >>> Integer.SIZE);
                }
                operands.add(Kernels.upload(context, words));
            }
            return new Columns(context, sets, threads, operands, Kernels.upload(context, new int[2 * threads]));
        }

        void run(Stream stream, PpuModule module, String kernel) {
            stream.launch(module.kernel(kernel), Launch.linear(threads, WARP), operands.get(0), operands.get(1), operands.get(2), results);
            stream.synchronize();
        }

        void judge(InstructionCheck check) {
            int[] words = Kernels.download(context, results, 2 * threads);
            for (int i = 0; i < threads; i++) {
                long[] set = sets[i % sets.length];
                long expected = check.expected(i, set);
                long seen = check.result(words[2 * i] & 0xffff_ffffL | (long) words[2 * i + 1] << Integer.SIZE);
                if (seen != expected) {
                    throw new CheckFailedException("%s, in a thread that %s it: 0x%x".formatted(check.shown(set),
                            InstructionCheck.active(i) ? "executes" : "does not execute", expected), "0x%x".formatted(seen));
                }
            }
        }
    }
}
