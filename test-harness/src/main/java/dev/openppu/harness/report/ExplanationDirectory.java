package dev.openppu.harness.report;

import dev.openppu.harness.explain.Explanation;
import dev.openppu.harness.sim.LifeResult;
import dev.openppu.harness.sim.LifeSpec;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.harness.sim.work.Operation;
import dev.openppu.harness.timeline.Timeline;
import dev.openppu.harness.timeline.TraceText;
import dev.openppu.model.fault.Strike;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes what explains one life into a directory: a page, and the whole trace as one for Perfetto. */
public final class ExplanationDirectory {
    /** The page for people. */
    public static final String HTML = "explain.html";
    /** Opens in Perfetto. */
    public static final String TRACE = "trace.json";

    private final Path directory;

    /** @param directory made if missing */
    public ExplanationDirectory(Path directory) {
        this.directory = directory;
    }

    public Path page() {
        return directory.resolve(HTML);
    }

    /**
     * @param trace of the life
     * @throws IOException naming the file that could not be written
     */
    public void write(Explanation explanation, Path trace) throws IOException {
        Timeline timeline = timeline(TraceText.read(trace, 0));
        LifeSpec spec = explanation.life().spec();
        WholeFiles files = new WholeFiles(directory);
        files.write(HTML, out -> out.write(page(explanation)));
        files.write(TRACE, out -> PerfettoTrace.write(timeline, "seed " + spec.seed(), spec.profile(), out));
    }

    private static String page(Explanation explanation) throws IOException {
        LifeResult life = explanation.life();
        StringBuilder out = new StringBuilder(Html.head("Seed " + life.spec().seed() + " explained"));
        out.append("<header class=\"").append(life.passed() ? "good" : "bad")
                .append("\">\n<p class=\"kicker\">OpenPPU simulated life</p>\n<h1>Seed ")
                .append(life.spec().seed()).append(" <span class=\"verdict\">").append(life.passed() ? "passed" : "failed")
                .append("</span></h1>\n<p class=\"link\"><code>").append(Html.escape(life.spec().command()))
                .append("</code></p>\n</header>\n");
        life.violation().ifPresent(violation -> out.append(violated(life, violation)));
        out.append("<section><h2>The last events <small>of ").append(String.format(Locale.ROOT, "%,d", explanation.events()))
                .append("; simulated microseconds; host in blue, device in violet</small></h2>\n<div class=\"scroll\">\n")
                .append(new LanesSvg(explanation).svg()).append("</div></section>\n");
        return out.append("<footer>All events: <a href=\"").append(TRACE).append("\">").append(TRACE)
                .append("</a> (opens in Perfetto).</footer>\n</body>\n</html>\n").toString();
    }

    private static String violated(LifeResult life, Violation violation) {
        return "<section class=\"failures\"><h2>" + Html.escape(violation.invariant().rule()) + " <code>" + violation.invariant().id()
                + "</code></h2>\n<dl><dt>seen</dt><dd><code>" + Html.escape(String.valueOf(violation.getMessage()))
                + "</code></dd><dt>faults</dt><dd><code>"
                + Html.escape(life.strikes().isEmpty() ? "none" : Strike.script(life.strikes())) + "</code></dd></dl></section>\n";
    }

    /** Steps last until the same thread's next one. */
    private static Timeline timeline(List<Timeline.Mark> marks) {
        Map<String, Timeline.Mark> begun = new LinkedHashMap<>();
        List<Timeline.Span> spans = new ArrayList<>();
        List<Timeline.Mark> others = new ArrayList<>();
        long end = marks.isEmpty() ? 0 : marks.getLast().at();
        for (Timeline.Mark mark : marks) {
            if (mark.kind().equals("step")) {
                Timeline.Mark before = begun.put(mark.track(), mark);
                if (before != null) {
                    spans.add(span(before, mark.at()));
                }
            } else {
                others.add(mark);
            }
        }
        begun.values().stream().filter(mark -> !mark.detail().equals(Operation.END)).forEach(mark -> spans.add(span(mark, end)));
        return new Timeline(0, spans, others);
    }

    private static Timeline.Span span(Timeline.Mark step, long end) {
        return new Timeline.Span(step.track(), step.detail(), step.at(), end, "step");
    }
}
