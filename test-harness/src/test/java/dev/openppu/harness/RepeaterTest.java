package dev.openppu.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.Links;
import dev.openppu.harness.Repeat.Alone;
import dev.openppu.harness.report.HtmlReport;
import dev.openppu.harness.report.JUnitXml;
import dev.openppu.harness.report.JsonReport;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A failed case is run once more alone, and the command that runs it again is one that was tried. */
class RepeaterTest {
    private static final Rule RULE = Rule.map("it is so");
    private boolean dirty;

    private final Suite suite = new Suite("s", "S", List.of(new Stage("s", "Stage", List.of(
            Case.of("s.leaves", "Leaves something", RULE, _ -> dirty = true),
            Case.of("s.behind", "Fails behind it", RULE, _ -> Check.equal("dirty", false, dirty)),
            Case.of("s.always", "Fails always", RULE, _ -> Check.equal("one", 1, 2))))), "--suite s --random 7");

    private DeviceLink open() {
        dirty = false;
        return Links.open("model:zw810e?clock=sim&seed=1");
    }

    private SuiteReport run(Suite chosen) {
        try (DeviceLink link = open()) {
            return SuiteRunner.run(chosen, link, SuiteListener.SILENT);
        }
    }

    private static CaseResult failure(SuiteReport report, String id) {
        return report.failures().stream().filter(each -> each.subject().id().equals(id)).findFirst().orElseThrow();
    }

    @Test
    void aCaseThatPassesAloneIsRunAgainWithThoseBeforeIt() {
        SuiteReport report = new Repeater(this::open).repeat(run(suite.only(each -> !each.id().equals("x"), "--case 's.*'")));
        CaseResult behind = failure(report, "s.behind");
        assertThat(report.repeat(behind).alone()).isEqualTo(Alone.PASSES);
        assertThat(report.again(behind))
                .isEqualTo("ppu conform --device 'model:zw810e?clock=sim&seed=1' --suite s --random 7 --case 's.*'");
        CaseResult always = failure(report, "s.always");
        assertThat(report.repeat(always).alone()).isEqualTo(Alone.FAILS);
        assertThat(report.again(always))
                .isEqualTo("ppu conform --device 'model:zw810e?clock=sim&seed=1' --suite s --random 7 --case 's.always'");
    }

    @Test
    void whatWasNotTriedIsNotClaimed() {
        SuiteReport report = run(suite);
        SuiteReport gone = new Repeater(() -> {
            throw new LinkException("it is in use");
        }).repeat(report);
        assertThat(gone.repeat(failure(gone, "s.behind")).text())
                .isEqualTo("not tried: the device could not be opened again: it is in use");
        SuiteReport one = new Repeater(this::open, 1, Duration.ofMinutes(1)).repeat(report);
        assertThat(one.repeat(failure(one, "s.always")).text()).isEqualTo("not tried: only the first 1 failed cases were tried");
        SuiteReport late = new Repeater(this::open, 9, Duration.ZERO).repeat(report);
        assertThat(late.repeat(failure(late, "s.behind")).text()).isEqualTo("not tried: the 0 seconds for this were over");
    }

    @Test
    void everyKindOfReportSaysIt() throws IOException {
        SuiteReport report = new Repeater(this::open).repeat(run(suite));
        StringWriter json = new StringWriter();
        JsonReport.write(report, json);
        assertThat(json.toString()).contains("\"alone\":\"passes\"", "\"alone\":\"fails\"");
        StringWriter xml = new StringWriter();
        JUnitXml.write(report, xml);
        assertThat(xml.toString()).contains("alone: passes; it failed behind the cases before it", "alone: fails");
        StringWriter html = new StringWriter();
        HtmlReport.write(report, html);
        assertThat(html.toString()).contains("<dt>alone</dt><dd>passes; it failed behind", "<dt>alone</dt><dd>fails</dd>");
    }
}
