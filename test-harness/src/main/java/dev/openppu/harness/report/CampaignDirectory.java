package dev.openppu.harness.report;

import dev.openppu.harness.explain.Explanation;
import dev.openppu.harness.ledger.Ledger;
import dev.openppu.harness.ledger.LifeLine;
import dev.openppu.harness.ledger.Merge;
import dev.openppu.harness.sim.work.Operation;
import dev.openppu.model.fault.FaultPoint;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes a campaign's report into a directory: a page for people, JUnit XML with a case a life, and JSON. */
public final class CampaignDirectory {
    /** The lives' lines, beside the report. */
    public static final String LIVES = "campaign.jsonl";

    private final Path directory;

    /** @param directory made if missing */
    public CampaignDirectory(Path directory) {
        this.directory = directory;
    }

    public Path page() {
        return directory.resolve(ReportDirectory.HTML);
    }

    /**
     * @param explanations of some lives that failed
     * @throws IOException naming the file that could not be written
     */
    public void write(Merge campaign, List<Explanation> explanations) throws IOException {
        WholeFiles files = new WholeFiles(directory);
        files.write(ReportDirectory.HTML, out -> out.write(new CampaignPage(campaign, explanations).html()));
        files.write(ReportDirectory.JUNIT, out -> junit(campaign, out));
        files.write(ReportDirectory.JSON, out -> json(campaign, out));
    }

    private static void junit(Merge campaign, Writer out) throws IOException {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "sim." + campaign.header().faults() + "." + campaign.header().workload());
            xml.writeAttribute("tests", Integer.toString(campaign.lives().size()));
            xml.writeAttribute("failures", Integer.toString(campaign.failures().size()));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", "0");
            for (Ledger.Line line : campaign.lives()) {
                testCase(xml, campaign, line.life());
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IOException("cannot write JUnit XML", e);
        }
    }

    private static void testCase(XMLStreamWriter xml, Merge campaign, LifeLine life) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "sim." + campaign.header().profile());
        xml.writeAttribute("name", "seed " + life.seed());
        if (life.failure().isPresent()) {
            LifeLine.Failure failure = life.failure().get();
            xml.writeStartElement("failure");
            xml.writeAttribute("message", JUnitXml.clean(failure.invariant() + ": " + failure.seen()));
            xml.writeCharacters(JUnitXml
                    .clean(failure.rule() + " (" + failure.source() + ")\nexpected: " + failure.expected() + "\n" + failure.again()));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static void json(Merge campaign, Writer out) {
        CampaignCounts counts = new CampaignCounts(campaign);
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeBooleanProperty("good", campaign.good());
            json.writeStringProperty("version", campaign.header().version());
            json.writeStringProperty("profile", campaign.header().profile());
            json.writeStringProperty("seeds", campaign.header().seeds().toString());
            json.writeStringProperty("faults", campaign.header().faults());
            json.writeStringProperty("workload", campaign.header().workload());
            json.writeNumberProperty("lives", campaign.lives().size());
            json.writeNumberProperty("missing", campaign.missingCount());
            json.writeNumberProperty("disagreements", campaign.disagreements().size());
            json.writeArrayPropertyStart("failures");
            campaign.failures().forEach(life -> failure(json, life));
            json.writeEndArray();
            json.writeObjectPropertyStart("struck");
            for (FaultPoint point : FaultPoint.values()) {
                Map<String, Long> row = new TreeMap<>();
                Operation.all().stream().filter(operation -> counts.struck(point, operation) > 0)
                        .forEach(operation -> row.put(operation, counts.struck(point, operation)));
                numbers(json, point.id(), row);
            }
            json.writeEndObject();
            numbers(json, "packets", new TreeMap<>(counts.packets()));
            numbers(json, "pageFaults", new TreeMap<>(counts.pageFaults()));
            numbers(json, "resets", new TreeMap<>(counts.resets()));
            json.writeNumberProperty("fields", campaign.header().fields().size());
            json.writeNumberProperty("fieldsRead", counts.read().cardinality());
            json.writeNumberProperty("fieldsWritten", counts.written().cardinality());
            json.writeNumberProperty("fieldsNonZero", counts.nonZero().cardinality());
            json.writeEndObject();
        }
    }

    private static void numbers(JsonGenerator json, String name, Map<String, Long> numbers) {
        json.writeObjectPropertyStart(name);
        numbers.forEach(json::writeNumberProperty);
        json.writeEndObject();
    }

    private static void failure(JsonGenerator json, LifeLine life) {
        LifeLine.Failure failure = life.failure().orElseThrow();
        json.writeStartObject();
        json.writeNumberProperty("seed", life.seed());
        json.writeStringProperty("invariant", failure.invariant());
        json.writeStringProperty("rule", failure.rule());
        json.writeStringProperty("source", failure.source());
        json.writeStringProperty("expected", failure.expected());
        json.writeStringProperty("seen", failure.seen());
        json.writeStringProperty("again", failure.again());
        json.writeEndObject();
    }
}
