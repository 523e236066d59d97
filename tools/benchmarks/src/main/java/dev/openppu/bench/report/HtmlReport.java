package dev.openppu.bench.report;

import dev.openppu.bench.contest.LineResult;
import dev.openppu.bench.growth.Curve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** One page without anything from elsewhere: the lines with their ratios drawn, and the curves of growth. */
public final class HtmlReport {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1c2733;background:#fff}
            table{border-collapse:collapse;width:100%}th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid #dde3ea}
            th:first-child,td:first-child,td.about{text-align:left}td.about{color:#5b6b7b;font-size:.85em}.yes{color:#17753a}.no{color:#b3261e;font-weight:600}
            svg{max-width:100%;height:auto}figure{margin:1.5rem 0}figcaption{color:#5b6b7b}
            @media(prefers-color-scheme:dark){body{color:#dbe4ee;background:#12181f}th,td{border-color:#2a3541}.yes{color:#6fd08f}.no{color:#ff9a90}}
            """;

    private HtmlReport() {}

    /** Writes the page; the file appears whole or not at all. */
    public static void write(Path file, List<LineResult> lines, List<Curve> curves) throws IOException {
        StringBuilder page = new StringBuilder();
        page.append(
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
                .append("<title>OpenPPU: what the driver costs</title><style>").append(STYLE).append("</style></head><body>");
        page.append("<h1>What the driver costs</h1><p>").append(machine()).append("</p>");
        page.append(
                "<table><tr><th>line</th><th>unit</th><th>Java</th><th>C</th><th>ratio</th><th></th><th>target</th><th>ok</th><th>bytes/op</th><th>± %</th></tr>");
        lines.forEach(line -> row(page, line));
        page.append("</table><h2>How the cost grows</h2>");
        curves.forEach(curve -> page.append("<figure>").append(CurveChart.svg(curve)).append("<figcaption>").append(escape(curve.remark()))
                .append("</figcaption></figure>"));
        page.append("</body></html>\n");
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, page);
        Files.move(part, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static String machine() {
        return escape(
                "%d processors, %s %s, Java %s, %s".formatted(Runtime.getRuntime().availableProcessors(), System.getProperty("os.name"),
                        System.getProperty("os.arch"), Runtime.version(), Instant.now().truncatedTo(ChronoUnit.SECONDS)));
    }

    private static void row(StringBuilder page, LineResult line) {
        page.append("<tr><td>").append(escape(line.metric().name())).append("</td>");
        for (String cell : List.of(line.metric().unit(), TextReport.number(line.java()), TextReport.number(line.c()),
                TextReport.number(line.ratio()))) {
            page.append("<td>").append(escape(cell)).append("</td>");
        }
        page.append("<td>").append(line.ratio().isPresent() ? bar(line.ratio().getAsDouble()) : "").append("</td><td>")
                .append(escape(line.metric().target().text())).append("</td>");
        page.append(line.ok().map(ok -> ok ? "<td class=\"yes\">yes</td>" : "<td class=\"no\">no</td>").orElse("<td>-</td>"));
        page.append("<td>").append(TextReport.number(line.bytesPerOperation())).append("</td><td>")
                .append(TextReport.number(100 * line.uncertainty())).append("</td></tr>");
        page.append("<tr><td class=\"about\" colspan=\"10\">").append(escape(line.metric().about())).append("</td></tr>");
    }

    /** The ratio on a logarithmic scale from 1/16 to 16; the line in the middle is C. */
    private static String bar(double ratio) {
        double end = 60 + Math.clamp(Math.log(ratio) / Math.log(2), -4, 4) * 15;
        return String.format(Locale.ROOT,
                "<svg width=\"120\" height=\"14\" role=\"img\" aria-label=\"%.2f\"><rect x=\"%.1f\" y=\"3\" width=\"%.1f\" height=\"8\" "
                        + "fill=\"#3f7cc4\"/><path d=\"M60 0V14\" stroke=\"#888\"/></svg>",
                ratio, Math.min(60, end), Math.abs(end - 60));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
