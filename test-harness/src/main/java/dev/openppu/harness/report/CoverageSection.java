package dev.openppu.harness.report;

import dev.openppu.harness.cover.Coverage;
import dev.openppu.harness.cover.LinkCoverage;
import dev.openppu.harness.cover.RegisterFields;
import dev.openppu.rdl.model.Field;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** What a suite has used of a device, for a page and for programs. */
final class CoverageSection {
    private final LinkCoverage coverage;

    CoverageSection(LinkCoverage coverage) {
        this.coverage = coverage;
    }

    /** Empty if nobody has watched. */
    String html() {
        StringBuilder out = new StringBuilder();
        coverage.fields().ifPresent(fields -> {
            out.append("<section id=\"coverage\"><h2>What was used of the device <small>as seen at the link</small></h2>\n<p>");
            out.append(coverage.ppu().isEmpty()
                    ? "Single accesses of the host to registers, and resets."
                    : "Single accesses of the host to registers; packets that stood in a ring when its doorbell was rung; reasons of page faults that the host has read; resets of the link."
                            + Html.escape(gone()));
            out.append(" What passes the link in no call was not seen.</p></section>\n<section class=\"kinds\">\n");
            coverage.ppu().ifPresent(used -> {
                out.append(CoverageTables.kinds("Packets", Coverage.PACKETS, used.packets()));
                out.append(CoverageTables.kinds("Page faults", Coverage.PAGE_FAULTS, used.pageFaults()));
            });
            out.append(CoverageTables.kinds("Resets", LinkCoverage.RESETS, coverage.resets()));
            out.append("</section>\n");
            out.append(CoverageTables.registers(fields, coverage.read(), coverage.written(), coverage.toggled(),
                    "with every bit at 0 and at 1"));
        });
        return out.toString();
    }

    private String gone() {
        long gone = coverage.ppu().map(LinkCoverage.OfPpu::packetsUnseen).orElse(0L);
        return gone == 0 ? "" : " %d packets had been taken by then.".formatted(gone);
    }

    /** A member {@code coverage}, unless nobody has watched. */
    void json(JsonGenerator json) {
        coverage.fields().ifPresent(fields -> {
            json.writeObjectPropertyStart("coverage");
            json.writeNumberProperty("fields", fields.names().size());
            json.writeNumberProperty("fieldsRead", coverage.read().cardinality());
            json.writeNumberProperty("fieldsWritten", coverage.written().cardinality());
            json.writeNumberProperty("fieldsToggled", coverage.toggled().cardinality());
            coverage.ppu().ifPresent(used -> {
                numbers(json, "packets", used.packets());
                json.writeNumberProperty("packetsUnseen", used.packetsUnseen());
                numbers(json, "pageFaults", used.pageFaults());
            });
            numbers(json, "resets", coverage.resets());
            json.writeArrayPropertyStart("registers");
            fields.places().forEach(place -> register(json, place));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void register(JsonGenerator json, RegisterFields.Place place) {
        json.writeStartObject();
        json.writeStringProperty("name", place.name());
        json.writeArrayPropertyStart("fields");
        List<Field> all = place.register().fields();
        for (int i = 0; i < all.size(); i++) {
            int number = place.first() + i;
            json.writeStartObject();
            json.writeStringProperty("name", all.get(i).name());
            json.writeBooleanProperty("read", coverage.read().get(number));
            json.writeBooleanProperty("written", coverage.written().get(number));
            json.writeBooleanProperty("toggled", coverage.toggled().get(number));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void numbers(JsonGenerator json, String name, Map<String, Long> numbers) {
        json.writeObjectPropertyStart(name);
        numbers.forEach(json::writeNumberProperty);
        json.writeEndObject();
    }
}
