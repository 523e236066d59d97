package dev.openppu.cli.command;

import dev.openppu.cli.BadInputException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ppu bench}: what the driver costs. It measures in a process of its own, so that neither JMH nor the hand-over libraries weigh on the start of any other command;
 * the launcher has built what that process needs and says where by {@value #FOLDER}.
 */
@Command(name = "bench", sortOptions = false, description = "Measures what the driver costs, each line beside C (or what it names) that does the same work.", footerHeading = "%nExamples:%n", footer = {
    "  ppu bench", "  ppu bench --quick --only packets", "  ppu bench --json --check", "  ppu bench --report bench.html"})
public final class BenchCommand implements Callable<Integer> {
    private static final String FOLDER = "PPU_BENCHMARKS";
    private static final String LAUNCHER = "PPU_LAUNCHER";
    private static final String MAIN = "dev.openppu.bench.BenchCommand";

    @Option(names = "--check", order = 1, description = "End with status 1 if a target is missed or could not be measured; count what was met.")
    private boolean check;

    @Option(names = "--only", order = 2, paramLabel = "NAME", split = ",", description = "Only lines whose names begin so; may be repeated.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--quick", order = 3, description = "Few rounds: a look, nothing to rely on.")
    private boolean quick;

    @Option(names = "--list", order = 4, description = "Name the lines and what they measure; measure nothing.")
    private boolean list;

    @Option(names = "--report", order = 5, paramLabel = "FILE", description = "Write a page with the ratios drawn and the curves of growth; takes some minutes more.")
    private Path report = Path.of("");

    @Option(names = "--growth", order = 6, paramLabel = "KIND", split = ",", description = "Instead of the lines, how cost grows with the number of contexts, streams, allocations, queues (or: all); with --report as a page.")
    private List<String> growth = new ArrayList<>();

    @Option(names = "--jmh", order = 7, paramLabel = "REGEX", description = "Run these JMH benchmarks (all: .*) instead of the lines.")
    private String jmh = "";

    private final Invocation invocation;
    private final Map<String, String> environment;

    public BenchCommand(Invocation invocation, Map<String, String> environment) {
        this.invocation = invocation;
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        String folder = environment.get(FOLDER);
        if (folder == null) {
            throw new BadInputException("the benchmarks are not built: start this by ./ppu bench in the repository, which builds them");
        }
        try {
            return new ProcessBuilder(command(folder)).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command(String folder) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED", "-cp",
                Path.of(folder, "*").toString(), MAIN));
        flag(command, invocation.json(), "--json");
        flag(command, check, "--check");
        flag(command, quick, "--quick");
        flag(command, list, "--list");
        only.forEach(name -> command.addAll(List.of("--only", name)));
        growth.forEach(kind -> command.addAll(List.of("--growth", kind)));
        value(command, "--report", report.toString());
        value(command, "--jmh", jmh);
        value(command, "--ppu", environment.getOrDefault(LAUNCHER, ""));
        return command;
    }

    private static void flag(List<String> command, boolean set, String name) {
        if (set) {
            command.add(name);
        }
    }

    private static void value(List<String> command, String name, String value) {
        if (!value.isEmpty()) {
            command.addAll(List.of(name, value));
        }
    }
}
