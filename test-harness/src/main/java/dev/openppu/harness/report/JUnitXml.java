package dev.openppu.harness.report;

import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.Tally;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A report as JUnit XML: a test suite a stage; unobservable cases are skipped ones that say so. */
public final class JUnitXml {
    private JUnitXml() {}

    public static void write(SuiteReport report, Writer out) throws IOException {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuites");
            counts(xml, report.suite().id(), report.tally(), report.hostNanos());
            for (Stage stage : report.suite().stages()) {
                suite(xml, report, stage);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IOException("cannot write JUnit XML", e);
        }
    }

    private static void suite(XMLStreamWriter xml, SuiteReport report, Stage stage) throws XMLStreamException {
        List<CaseResult> results = report.of(stage);
        xml.writeStartElement("testsuite");
        counts(xml, report.suite().id() + "." + stage.id(), Tally.of(results), results.stream().mapToLong(CaseResult::hostNanos).sum());
        xml.writeAttribute("hostname", clean(report.link().address()));
        for (CaseResult result : results) {
            testCase(xml, report, result);
        }
        xml.writeEndElement();
    }

    private static void testCase(XMLStreamWriter xml, SuiteReport report, CaseResult result) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", report.suite().id() + "." + result.stage().id());
        xml.writeAttribute("name", clean(result.subject().id()));
        xml.writeAttribute("time", seconds(result.hostNanos()));
        switch (result.outcome()) {
            case Outcome.Passed _ -> {
            }
            case Outcome.Failed failed -> {
                xml.writeStartElement("failure");
                xml.writeAttribute("message", clean(failed.remark()));
                xml.writeCharacters(
                        clean(result.subject().rule().text() + " (" + result.subject().rule().source() + ")\n" + failed.remark()
                                + "\nalone: " + report.repeat(result).text() + "\nagain: "
                                + report.again(result)));
                xml.writeEndElement();
            }
            case Outcome.Unobservable unobservable -> skipped(xml, "unobservable, because " + unobservable.because());
            case Outcome.Skipped skipped -> skipped(xml, skipped.because());
        }
        if (!result.notes().isEmpty()) {
            xml.writeStartElement("system-out");
            xml.writeCharacters(clean(String.join("\n", result.notes())));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static void skipped(XMLStreamWriter xml, String because) throws XMLStreamException {
        xml.writeEmptyElement("skipped");
        xml.writeAttribute("message", clean(because));
    }

    private static void counts(XMLStreamWriter xml, String name, Tally tally, long nanos) throws XMLStreamException {
        xml.writeAttribute("name", name);
        xml.writeAttribute("tests", Integer.toString(tally.total()));
        xml.writeAttribute("failures", Integer.toString(tally.failed()));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", Integer.toString(tally.unobservable() + tally.skipped()));
        xml.writeAttribute("time", seconds(nanos));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.6f", nanos / 1e9);
    }

    /** Drops what XML 1.0 cannot hold. */
    static String clean(String text) {
        return text.codePoints()
                .map(c -> c == '\t' || c == '\n' || c >= 0x20 && c <= 0xd7ff || c >= 0xe000 && c <= 0xfffd || c >= 0x10000 ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }
}
