package dev.openppu.harness.report;

import dev.openppu.hal.Unobservable;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.Tally;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** A report as one page without external parts: verdict and failures first, then the timeline, then every case with its rule, then what was used of the device. */
public final class HtmlReport {
    private final SuiteReport report;
    private final StringBuilder out = new StringBuilder();

    private HtmlReport(SuiteReport report) {
        this.report = report;
    }

    public static void write(SuiteReport report, Writer out) throws IOException {
        out.write(new HtmlReport(report).page());
    }

    private String page() throws IOException {
        Tally tally = report.tally();
        out.append(Html.head(report.suite().title() + ": " + tally));
        header(tally);
        failures();
        hidden();
        out.append(new TimelineSvg(report.timeline(), report.linkNanos()).section());
        report.suite().stages().forEach(this::stage);
        out.append(new CoverageSection(report.coverage()).html());
        out.append("<footer>Times are the device link's unless they say \"host\". The same data: ");
        out.append(
                "<a href=\"report.json\">report.json</a>, <a href=\"junit.xml\">junit.xml</a>, <a href=\"trace.json\">trace.json</a> (opens in Perfetto).</footer>\n");
        return out.append("</body>\n</html>\n").toString();
    }

    private void header(Tally tally) {
        out.append("<header class=\"").append(report.good() ? "good" : "bad")
                .append("\">\n<p class=\"kicker\">OpenPPU conformance</p>\n<h1>");
        out.append(Html.escape(report.suite().title())).append(" <span class=\"verdict\">").append(report.good() ? "passed" : "failed")
                .append("</span></h1>\n");
        out.append("<p class=\"link\"><code>").append(Html.escape(report.link().uri())).append("</code> ")
                .append(Html.escape(report.link().description())).append("</p>\n");
        report.loss()
                .ifPresent(loss -> out.append("<p>").append(Html.escape(loss + "; the cases behind it were not run")).append("</p>\n"));
        out.append("<ul class=\"tally\">");
        count(tally.passed(), "passed");
        count(tally.failed(), "failed");
        count(tally.unobservable(), "unobservable");
        count(tally.skipped(), "skipped");
        item(Html.duration(report.linkNanos()), "on the link's clock", "");
        item(Html.duration(report.hostNanos()), "of the host's time", "");
        out.append("</ul>\n</header>\n");
    }

    private void count(int count, String word) {
        item(Integer.toString(count), word, count > 0 ? word : "none");
    }

    private void item(String value, String label, String kind) {
        out.append("<li class=\"").append(kind).append("\"><b>").append(Html.escape(value)).append("</b> ").append(Html.escape(label))
                .append("</li>");
    }

    private void failures() {
        List<CaseResult> failures = report.failures();
        if (failures.isEmpty()) {
            return;
        }
        out.append("<section class=\"failures\">\n<h2>Failures</h2>\n");
        for (CaseResult result : failures) {
            if (result.outcome() instanceof Outcome.Failed(String expected, String seen)) {
                out.append("<article><h3>").append(Html.escape(result.subject().title())).append(" <code>")
                        .append(Html.escape(result.subject().id()))
                        .append("</code></h3>\n<p class=\"rule\">").append(Html.escape(result.subject().rule().text())).append(" <cite>")
                        .append(Html.escape(result.subject().rule().source())).append("</cite></p>\n<dl><dt>expected</dt><dd><code>")
                        .append(Html.escape(expected)).append("</code></dd><dt>seen</dt><dd><code>").append(Html.escape(seen))
                        .append("</code></dd><dt>alone</dt><dd>").append(Html.escape(report.repeat(result).text()))
                        .append("</dd><dt>again</dt><dd><code>").append(Html.escape(report.again(result)))
                        .append("</code></dd></dl></article>\n");
            }
        }
        out.append("</section>\n");
    }

    private void hidden() {
        if (report.hidden().isEmpty()) {
            return;
        }
        out.append("<section><h2>What this link cannot show</h2><ul>\n");
        for (Unobservable hidden : report.hidden()) {
            out.append("<li><code>").append(hidden.what()).append("</code> because ").append(Html.escape(hidden.reason()))
                    .append("</li>\n");
        }
        out.append("</ul></section>\n");
    }

    private void stage(Stage stage) {
        List<CaseResult> results = report.of(stage);
        if (results.isEmpty()) {
            return;
        }
        Tally tally = Tally.of(results);
        out.append("<section id=\"").append(Html.escape(stage.id())).append("\">\n<h2>").append(Html.escape(stage.title()))
                .append(" <small>").append(tally).append("</small></h2>\n");
        out.append(
                "<table>\n<thead><tr><th>Case</th><th>Rule and source</th><th>Outcome</th><th class=\"number\">Time</th></tr></thead>\n<tbody>\n");
        results.forEach(this::row);
        out.append("</tbody>\n</table>\n</section>\n");
    }

    private void row(CaseResult result) {
        String word = result.outcome().word();
        out.append("<tr class=\"").append(word).append("\"><td>").append(Html.escape(result.subject().title())).append("<br><code>")
                .append(Html.escape(result.subject().id()))
                .append("</code></td><td>").append(Html.escape(result.subject().rule().text())).append(" <cite>")
                .append(Html.escape(result.subject().rule().source()))
                .append("</cite></td><td><span class=\"badge ").append(word).append("\">").append(word).append("</span>");
        if (!result.outcome().remark().isEmpty()) {
            out.append("<p>").append(Html.escape(result.outcome().remark())).append("</p>");
        }
        for (String note : result.notes()) {
            out.append("<p class=\"note\">").append(Html.escape(note)).append("</p>");
        }
        out.append("</td><td class=\"number\">").append(Html.duration(result.endNanos() - result.beginNanos())).append("<br><small>host ")
                .append(Html.duration(result.hostNanos())).append("</small></td></tr>\n");
    }
}
