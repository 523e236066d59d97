package dev.openppu.harness.report;

import dev.openppu.harness.cover.Coverage;
import dev.openppu.harness.cover.RegisterFields;
import dev.openppu.harness.explain.Explanation;
import dev.openppu.harness.ledger.LifeLine;
import dev.openppu.harness.ledger.Merge;
import dev.openppu.harness.sim.work.Operation;
import dev.openppu.model.census.DeviceReset;
import dev.openppu.model.fault.FaultPoint;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A campaign as one page without external parts: verdict and failures first, then what it has used of the device. */
final class CampaignPage {
    private static final int MOST_FAILURES = 50;

    private final Merge campaign;
    private final List<Explanation> explanations;
    private final CampaignCounts counts;
    private final StringBuilder out = new StringBuilder();

    /** @param explanations of some lives that failed */
    CampaignPage(Merge campaign, List<Explanation> explanations) {
        this.campaign = campaign;
        this.explanations = explanations;
        this.counts = new CampaignCounts(campaign);
    }

    String html() throws IOException {
        out.append(Html.head("Campaign " + campaign.header().seeds() + ": " + campaign.failures().size() + " failed"));
        header();
        failures();
        explanations.forEach(this::explanation);
        heatMap();
        out.append("<section class=\"kinds\">\n");
        out.append(CoverageTables.kinds("Packets", Coverage.PACKETS, counts.packets()));
        out.append(CoverageTables.kinds("Page faults", Coverage.PAGE_FAULTS, counts.pageFaults()));
        out.append(CoverageTables.kinds("Resets", Stream.of(DeviceReset.values()).map(DeviceReset::id).toList(), counts.resets()));
        out.append("</section>\n");
        registers();
        out.append("<footer>The same data: <a href=\"report.json\">report.json</a>, <a href=\"junit.xml\">junit.xml</a>.</footer>\n");
        return out.append("</body>\n</html>\n").toString();
    }

    private void header() {
        put("<header class=\"%s\">%n<p class=\"kicker\">OpenPPU simulation campaign</p>%n<h1>%s, faults %s, workload %s <span class=\"verdict\">%s</span></h1>%n",
                campaign.good() ? "good" : "bad", escape(campaign.header().profile()), escape(campaign.header().faults()),
                escape(campaign.header().workload()), campaign.good() ? "passed" : "failed");
        put("<p class=\"link\">seeds <code>%s</code>, %s</p>%n<ul class=\"tally\">", escape(campaign.header().seeds().toString()),
                escape(campaign.header().version()));
        item(campaign.lives().size() - campaign.failures().size(), "passed", "passed");
        item(campaign.failures().size(), "failed", "failed");
        item(campaign.missingCount(), "seeds missing", "failed");
        item(campaign.disagreements().size(), "seeds not the same twice", "failed");
        put("<li><b>%,d</b> steps done</li><li><b>%,.1f</b> simulated seconds</li></ul>%n</header>%n", counts.steps(),
                counts.simulatedNanos() / 1e9);
    }

    private void item(long count, String label, String kind) {
        put("<li class=\"%s\"><b>%,d</b> %s</li>", count > 0 ? kind : "none", count, label);
    }

    private void failures() {
        List<LifeLine> failures = campaign.failures();
        if (failures.isEmpty()) {
            return;
        }
        out.append("<section class=\"failures\">\n<h2>Failures</h2>\n");
        failures.stream().limit(MOST_FAILURES).forEach(this::failure);
        if (failures.size() > MOST_FAILURES) {
            put("<p>and %,d more, in <a href=\"report.json\">report.json</a></p>%n", failures.size() - MOST_FAILURES);
        }
        out.append("</section>\n");
    }

    private void failure(LifeLine life) {
        LifeLine.Failure failure = life.failure().orElseThrow();
        put("<article><h3>%s, seed %d <code>%s</code></h3>%n<p class=\"rule\">%s <cite>%s</cite></p>%n",
                escape(campaign.header().profile()), life.seed(), escape(failure.invariant()), escape(failure.rule()),
                escape(failure.source()));
        put("<dl><dt>expected</dt><dd>%s</dd><dt>seen</dt><dd><code>%s</code></dd><dt>faults</dt><dd><code>%s</code></dd>",
                escape(failure.expected()),
                escape(failure.seen()), life.scenes().isEmpty()
                        ? "none"
                        : escape(String.join(", ", life.scenes().stream().map(scene -> scene.strike().toString()).toList())));
        put("<dt>again</dt><dd><code>%s</code></dd><dt>drawn</dt><dd><code>%s --explain</code></dd></dl></article>%n",
                escape(failure.again()),
                escape(failure.again()));
    }

    private void explanation(Explanation explanation) {
        put("<section><h2>Seed %d: the last events <small>simulated microseconds; host in blue, device in violet</small></h2>%n",
                explanation.life().spec().seed());
        out.append("<div class=\"scroll\">\n").append(new LanesSvg(explanation).svg()).append("</div></section>\n");
    }

    private void heatMap() {
        long most = 1;
        long met = 0;
        for (FaultPoint point : FaultPoint.values()) {
            for (String operation : Operation.all()) {
                most = Math.max(most, counts.struck(point, operation));
                met += counts.struck(point, operation) > 0 ? 1 : 0;
            }
        }
        put("<section><h2>What struck while the host was at what <small>%d of %d cells; a fault counts for all that was under way</small></h2>%n",
                met, FaultPoint.values().length * Operation.all().size());
        out.append("<div class=\"scroll\"><table class=\"heat\"><thead><tr><th></th>");
        Operation.all().forEach(operation -> put("<th><span>%s</span></th>", escape(operation)));
        out.append("</tr></thead><tbody>\n");
        for (FaultPoint point : FaultPoint.values()) {
            put("<tr><th title=\"%s\">%s</th>", escape(point.text()), point.id());
            for (String operation : Operation.all()) {
                cell(counts.struck(point, operation), most);
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div></section>\n");
    }

    private void cell(long count, long most) {
        if (count == 0) {
            out.append("<td class=\"empty\"></td>");
        } else {
            put("<td style=\"--heat:%.0f%%\">%d</td>", 12 + 78 * Math.log1p(count) / Math.log1p(most), count);
        }
    }

    private void registers() {
        RegisterFields fields = RegisterFields.ofPpu();
        if (!fields.names().equals(campaign.header().fields())) {
            out.append("<section><h2>Registers</h2><p>The campaign was lived with another register map.</p></section>\n");
            return;
        }
        out.append(CoverageTables.registers(fields, counts.read(), counts.written(), counts.nonZero(), "seen or set other than 0"));
    }

    private static String escape(String text) {
        return Html.escape(text);
    }

    private void put(String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments));
    }
}
