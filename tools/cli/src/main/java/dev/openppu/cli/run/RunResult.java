package dev.openppu.cli.run;

import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.StageLines;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.cli.reference.Comparison;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.tix.LaunchHeader;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a run did. */
public final class RunResult {
    private final Request request;
    private final KernelJob job;
    private final DeviceRun.Timing timing;
    private final List<ArrayFile> inputs;
    private final List<ArrayFile> outputs;
    private final Optional<Comparison> comparison;
    private final Optional<LaunchHeader.Verification> wanted;

    /** An array and its file, if it has one. */
    record ArrayFile(String name, String array, Optional<Path> file) {
        Map<String, Object> json() {
            return Json.object("name", name, "array", array, "file", file.map(Path::toString).orElse(null));
        }
    }

    RunResult(Request request, KernelJob job, DeviceRun.Timing timing, List<ArrayFile> inputs, List<ArrayFile> outputs,
            Optional<Comparison> comparison,
            Optional<LaunchHeader.Verification> wanted) {
        this.request = request;
        this.job = job;
        this.timing = timing;
        this.inputs = inputs;
        this.outputs = outputs;
        this.comparison = comparison;
        this.wanted = wanted;
    }

    /** No comparison failed. */
    public boolean good() {
        return comparison.map(Comparison::good).orElse(true);
    }

    private long threads() {
        return count(job.launch().grid()) * count(job.launch().block());
    }

    private static long count(Extent extent) {
        return (long) extent.x() * extent.y() * extent.z();
    }

    /** For people. */
    public void print(Terminal terminal) {
        PrintStream out = terminal.out();
        out.println(job.kernel().name() + ": grid " + job.launch().grid() + ", block " + job.launch().block() + ", "
                + String.format(Locale.ROOT, "%,d", threads())
                + " threads");
        inputs.forEach(
                input -> out.println("  in   " + input.name + " " + input.array + " from " + input.file.map(Path::toString).orElse("")));
        outputs.forEach(output -> out.println("  out  " + output.name + " " + output.array + output.file.map(file -> " to " + file)
                .orElse(", not saved (--out " + output.name + "=FILE)")));
        double seconds = timing.hostNanos() / 1e9;
        out.println(
                "  time kernel " + StageLines.duration(timing.kernelNanos()) + " of device time; " + StageLines.duration(timing.hostNanos())
                        + " in all on this host, " + String.format(Locale.ROOT, "%,.0f", threads() / seconds) + " threads/s");
        if (request.verify()) {
            out.println("  " + verdict(terminal));
        }
    }

    private String verdict(Terminal terminal) {
        if (comparison.isEmpty()) {
            return "verify " + terminal.paint(Colour.CAUTION, notVerified());
        }
        Comparison result = comparison.get();
        String text = job.verification().map(KernelJob.Verification::text).orElse("");
        String rule = "; max error " + result.maxError() + " (tolerance: " + result.tolerance() + ")";
        if (result.good()) {
            return "verify " + text + ": "
                    + terminal.paint(Colour.GOOD, String.format(Locale.ROOT, "all %,d elements right", result.elements())) + rule;
        }
        return "verify " + text + ": "
                + terminal.paint(Colour.BAD, String.format(Locale.ROOT, "%,d of %,d elements wrong", result.wrong(), result.elements()))
                + ", the first at index " + result.worst() + ": expected " + result.expected() + ", seen " + result.seen() + rule;
    }

    private String notVerified() {
        return wanted.map(each -> "not verified: no reference " + each.function() + " is known here")
                .orElse("not verified: " + request.tix() + " names no reference (a line '//! verify …')");
    }

    /** For programs. */
    public Map<String, Object> json() {
        return Json.object("file", request.tix().toString(), "kernel", job.kernel().name(), "grid", list(job.launch().grid()), "block",
                list(job.launch().block()),
                "sharedBytes", job.launch().sharedBytes(), "inputs", inputs.stream().map(ArrayFile::json).toList(), "outputs",
                outputs.stream().map(ArrayFile::json).toList(), "kernelNanos", timing.kernelNanos(), "uploadNanos", timing.uploadNanos(),
                "downloadNanos",
                timing.downloadNanos(), "hostNanos", timing.hostNanos(), "verification", request.verify() ? verification() : null);
    }

    private static List<Integer> list(Extent extent) {
        return List.of(extent.x(), extent.y(), extent.z());
    }

    private Map<String, Object> verification() {
        return comparison
                .map(result -> Json.object("verified", true, "good", result.good(), "rule",
                        job.verification().map(KernelJob.Verification::text).orElse(""),
                        "elements", result.elements(), "wrong", result.wrong(), "maxError", finite(result.maxError()), "tolerance",
                        result.tolerance()))
                .orElseGet(() -> Json.object("verified", false, "reason", notVerified()));
    }

    /** JSON has no infinity. */
    private static Object finite(double value) {
        return Double.isFinite(value) ? (Object) value : String.valueOf(value);
    }
}
