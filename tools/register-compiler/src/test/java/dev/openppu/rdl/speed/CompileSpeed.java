package dev.openppu.rdl.speed;

import dev.openppu.rdl.Compilation;
import dev.openppu.rdl.RdlCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * How fast descriptions compile. Prints what the first compilation took, JVM and all, and then the rate of the fastest further
 * one; times are the process's processor time, collector and JIT compiler included. Memory is the process's peak (Linux).
 *
 * <pre>{@code CompileSpeed [chip|flat] [LINES] [SEED] [ROUNDS]}</pre>
 */
public final class CompileSpeed {

    private CompileSpeed() {}

    /** Runs the measurement. */
    public static void main(String[] arguments) throws IOException {
        String kind = arguments.length > 0 ? arguments[0] : "chip";
        int lines = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 1;
        int rounds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 40;
        String text = kind.equals("flat") ? Descriptions.flat(lines) : Descriptions.chip(lines, seed);
        long count = text.lines().count();
        compile(text);
        Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
        System.out.printf(Locale.ROOT, "%s: %d lines in a fresh JVM: %.2f s processor, %.2f s on the clock%n", kind, count,
                processor().toMillis() / 1e3, Duration.between(started, Instant.now()).toMillis() / 1e3);
        Duration best = Duration.ofDays(1);
        for (int i = 0; i < rounds; i++) {
            Duration before = processor();
            compile(text);
            Duration took = processor().minus(before);
            best = took.compareTo(best) < 0 ? took : best;
        }
        if (rounds > 0) {
            System.out.printf(Locale.ROOT, "warm: %.0f lines/s of one core%n", count * 1e3 / best.toMillis());
        }
        Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmHWM")).forEach(System.out::println);
    }

    private static void compile(String text) {
        Compilation compilation = new RdlCompiler().add("chip.rdl", text).compile();
        if (!compilation.succeeded()) {
            throw new IllegalStateException(compilation.diagnostics().getFirst().render());
        }
    }

    private static Duration processor() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }
}
