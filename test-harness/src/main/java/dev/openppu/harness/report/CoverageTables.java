package dev.openppu.harness.report;

import dev.openppu.harness.cover.RegisterFields;
import dev.openppu.rdl.model.Field;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was used of a device, as parts of a page: what was not is there, too, and visible. */
final class CoverageTables {
    private CoverageTables() {}

    /** All kinds of something, with how many of each were met. */
    static String kinds(String title, List<String> all, Map<String, Long> met) {
        StringBuilder out = new StringBuilder();
        put(out, "<div><h2>%s <small>%d of %d kinds</small></h2><table><tbody>%n", title, met.size(), all.size());
        for (String kind : all) {
            long count = met.getOrDefault(kind, 0L);
            put(out, "<tr class=\"%s\"><td>%s</td><td class=\"number\">%,d</td></tr>%n", count == 0 ? "unmet" : "met", Html.escape(kind),
                    count);
        }
        return out.append("</tbody></table></div>\n").toString();
    }

    /**
     * Every register with its fields.
     *
     * @param read fields, by number
     * @param written fields
     * @param live fields of which more was seen
     * @param more what that is
     */
    static String registers(RegisterFields fields, BitSet read, BitSet written, BitSet live, String more) {
        StringBuilder out = new StringBuilder();
        put(out, "<section><h2>Registers and fields <small>of %d fields %d read, %d written, %d %s</small></h2>%n", fields.names().size(),
                read.cardinality(), written.cardinality(), live.cardinality(), Html.escape(more));
        put(out, "<p class=\"legend\"><span class=\"field\">neither read nor written</span> <span class=\"field read\">read</span> "
                + "<span class=\"field written\">written</span> <span class=\"field written live\">%s</span></p>%n<table class=\"registers\"><tbody>%n",
                Html.escape(more));
        for (RegisterFields.Place place : fields.places()) {
            put(out, "<tr><td><code>%s</code></td><td>", Html.escape(place.name()));
            List<Field> all = place.register().fields();
            for (int i = 0; i < all.size(); i++) {
                int number = place.first() + i;
                put(out, "<span class=\"field%s%s\">%s</span> ", written.get(number) ? " written" : read.get(number) ? " read" : "",
                        live.get(number) ? " live" : "", Html.escape(all.get(i).name()));
            }
            out.append("</td></tr>\n");
        }
        return out.append("</tbody></table></section>\n").toString();
    }

    private static void put(StringBuilder out, String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments));
    }
}
