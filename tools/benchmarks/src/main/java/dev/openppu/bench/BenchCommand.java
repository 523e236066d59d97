package dev.openppu.bench;

import dev.openppu.bench.contest.Entry;
import dev.openppu.bench.contest.LineResult;
import dev.openppu.bench.contest.Metric;
import dev.openppu.bench.contest.Patience;
import dev.openppu.bench.contest.Referee;
import dev.openppu.bench.growth.Curve;
import dev.openppu.bench.growth.Growth;
import dev.openppu.bench.line.Lines;
import dev.openppu.bench.report.CurveTable;
import dev.openppu.bench.report.HtmlReport;
import dev.openppu.bench.report.JsonReport;
import dev.openppu.bench.report.TextReport;
import dev.openppu.twin.TwinLibrary;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the lines, prints them, and says by its exit status whether targets are met. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false, description = "Measures what the driver costs, beside C that does the same work.")
public final class BenchCommand implements Callable<Integer> {
    private static final int OK = 0;
    private static final int MISSED = 1;
    private static final int USAGE = 2;
    private static final long QUICK_OBJECTS = 100;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Option(names = "--check", description = "Exit with 1 if a target is missed or could not be measured; count what was met.")
    private boolean check;

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "Only lines whose names begin so; may be repeated.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--quick", description = "Few rounds: a look, nothing to rely on.")
    private boolean quick;

    @Option(names = "--list", description = "Print the lines' names and what they measure.")
    private boolean list;

    @Option(names = "--report", paramLabel = "FILE", description = "Write a page with the ratios drawn and the curves of growth.")
    private @Nullable Path report;

    @Option(names = "--growth", paramLabel = "KIND", split = ",", description = "Instead of the lines, how cost grows with the number of contexts, streams, allocations, queues (or: all).")
    private List<String> growth = new ArrayList<>();

    @Option(names = "--jmh", paramLabel = "REGEX", description = "Run these JMH benchmarks instead of the lines.")
    private @Nullable String jmh;

    @Option(names = "--ppu", hidden = true, paramLabel = "COMMAND", description = "What starts ppu here.")
    private @Nullable Path ppu;

    private final Catalog catalog;
    private final PrintStream out;
    private final PrintStream err;

    /** Where lines come from. */
    @FunctionalInterface
    interface Catalog {
        /** @param ppu the command that is {@code ppu} here, or nothing */
        List<Entry> lines(List<String> ppu, boolean quick);
    }

    BenchCommand(Catalog catalog, PrintStream out, PrintStream err) {
        this.catalog = catalog;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        if (jmh != null) {
            return new Microbenchmarks(err).run(jmh);
        }
        if (report != null && !writable(report.toAbsolutePath())) {
            err.println(
                    "ppu bench: the report cannot be written to " + report + ": name a file in a folder that exists and can be written");
            return USAGE;
        }
        return growth.isEmpty() ? lines() : curves();
    }

    private int lines() throws IOException {
        List<Entry> entries = chosen();
        List<String> unknown = only.stream().filter(name -> entries.stream().noneMatch(entry -> beginsSo(entry, name))).toList();
        if (!unknown.isEmpty()) {
            err.println("ppu bench: no line's name begins with " + String.join(" or ", unknown) + "; --list shows them");
            return USAGE;
        }
        if (list) {
            entries.forEach(entry -> entry.metrics().stream().filter(this::wanted)
                    .forEach(metric -> out.printf("%-28s %-5s %-11s %s%n", metric.name(), metric.unit(), metric.target().text(),
                            metric.about())));
            return OK;
        }
        TwinLibrary.absence().ifPresent(why -> err.println("ppu bench: Java only, " + why));
        List<LineResult> results = measure(entries);
        if (report != null) {
            HtmlReport.write(report.toAbsolutePath(), results, curves(Growth.KINDS, _ -> {}));
        }
        if (!check) {
            return OK;
        }
        Verdict verdict = new Verdict(results);
        verdict.print(err);
        return verdict.allMet() ? OK : MISSED;
    }

    private int curves() throws IOException {
        List<String> kinds = growth.contains("all") ? Growth.KINDS : growth;
        List<String> unknown = kinds.stream().filter(kind -> !Growth.KINDS.contains(kind)).toList();
        if (!unknown.isEmpty()) {
            err.println("ppu bench: nothing grows by the name of " + String.join(" or ", unknown) + "; there are "
                    + String.join(", ", Growth.KINDS) + ", all");
            return USAGE;
        }
        List<Curve> curves = curves(kinds, json ? new JsonReport(out)::curve : new CurveTable(out)::curve);
        if (report != null) {
            HtmlReport.write(report.toAbsolutePath(), List.of(), curves);
        }
        return OK;
    }

    private static boolean writable(Path file) {
        Path folder = file.getParent();
        return folder != null && Files.isDirectory(folder) && Files.isWritable(folder) && !Files.isDirectory(file);
    }

    private List<Entry> chosen() {
        return catalog.lines(ppu == null ? List.of() : List.of(ppu.toString()), quick).stream()
                .filter(entry -> entry.metrics().stream().anyMatch(this::wanted))
                .toList();
    }

    private static boolean beginsSo(Entry entry, String name) {
        return entry.metrics().stream().anyMatch(metric -> metric.name().startsWith(name));
    }

    private boolean wanted(Metric metric) {
        return only.isEmpty() || only.stream().anyMatch(metric.name()::startsWith);
    }

    private List<LineResult> measure(List<Entry> entries) {
        Consumer<LineResult> report = json ? new JsonReport(out)::line : new TextReport(out)::line;
        Progress progress = new Progress(err);
        Referee referee = new Referee(quick ? Patience.QUICK : Patience.FULL, progress::say);
        List<LineResult> results = new ArrayList<>();
        for (Entry entry : entries) {
            List<LineResult> lines = referee.play(entry).stream().filter(line -> wanted(line.metric())).toList();
            progress.clear();
            lines.forEach(report);
            results.addAll(lines);
        }
        return results;
    }

    private List<Curve> curves(List<String> kinds, Consumer<Curve> finished) {
        Progress progress = new Progress(err);
        Growth measured = new Growth(quick ? QUICK_OBJECTS : Long.MAX_VALUE, progress::say);
        List<Curve> curves = new ArrayList<>();
        for (String kind : kinds) {
            List<Curve> ofKind = measured.curves(kind);
            progress.clear();
            ofKind.forEach(finished);
            curves.addAll(ofKind);
        }
        return curves;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand(Lines::all, System.out, System.err)).execute(arguments));
    }
}
