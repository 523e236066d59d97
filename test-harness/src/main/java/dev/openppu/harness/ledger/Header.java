package dev.openppu.harness.ledger;

import dev.openppu.harness.cover.RegisterFields;
import dev.openppu.harness.input.JsonObject;
import dev.openppu.harness.sim.Campaign;
import dev.openppu.harness.sim.SeedRange;
import dev.openppu.harness.sim.work.StepSet;
import dev.openppu.model.fault.Strike;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The first line of a campaign's file: everything that its lives follow from but their seeds.
 *
 * @param version of the program that lived them: another one's lives may be others
 * @param seeds of the campaign, and the share of them that this file is to have
 * @param script faults in place of those that the seed draws; empty if the seed draws
 * @param only the steps that are taken; empty if all
 * @param fields names of the register fields that the lives' bitmaps number
 */
public record Header(String version, String profile, SeedRange seeds, String faults, String workload, Optional<String> script,
        Optional<String> only, List<String> fields) {
    private static final String TYPE = "campaign";
    /** Of the file: raised when a reader of today could take a line for something else. */
    private static final int FORMAT = 2;

    public Header {
        fields = List.copyOf(fields);
    }

    /** That of a campaign. */
    public static Header of(Campaign campaign, String version) {
        return new Header(version, campaign.profile(), campaign.seeds(), campaign.faults().name(), campaign.workload().name(),
                campaign.script().map(Strike::script), campaign.only().map(StepSet::toString), RegisterFields.ofPpu().names());
    }

    /** The same campaign, all of its seeds. */
    public Header whole() {
        return new Header(version, profile, seeds.whole(), faults, workload, script, only, fields);
    }

    /** What is another in {@code other}, in words; empty if both are of one campaign, be it of two shares of it. */
    public Optional<String> differsFrom(Header other) {
        Map<String, String> mine = identity();
        Map<String, String> others = other.identity();
        Optional<String> difference = mine.entrySet().stream().filter(each -> !each.getValue().equals(others.get(each.getKey())))
                .findFirst()
                .map(each -> each.getKey() + " " + each.getValue() + ", not " + others.get(each.getKey()));
        return difference.isPresent() || fields.equals(other.fields) ? difference : Optional.of("another register map");
    }

    /** Whether the same command line wrote both, be it of another version of the program. */
    public boolean ofSameCommand(Header other) {
        Map<String, String> mine = identity();
        mine.put("version", other.version);
        return mine.equals(other.identity()) && seeds.equals(other.seeds);
    }

    /** Why a seed is another life in {@code other}, in words; empty if it is the same, but for the version of the program and the number of seeds. */
    public Optional<String> livesDifferFrom(Header other) {
        Map<String, String> others = other.identity();
        return identity().entrySet().stream().filter(each -> !each.getKey().equals("version") && !each.getKey().equals("seeds"))
                .filter(each -> !each.getValue().equals(others.get(each.getKey()))).findFirst()
                .map(each -> each.getKey() + " " + each.getValue() + ", not " + others.get(each.getKey()));
    }

    private Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("version", version);
        identity.put("seeds", seeds.toString());
        identity.put("profile", profile);
        identity.put("faults", faults);
        identity.put("workload", workload);
        identity.put("script", script.orElse("(none)"));
        identity.put("only", only.orElse("(all steps)"));
        return identity;
    }

    String line() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("type", TYPE);
        line.put("format", FORMAT);
        line.put("version", version);
        line.put("seeds", seeds.toString());
        line.put("shard", seeds.shard() + "/" + seeds.shards());
        line.put("profile", profile);
        line.put("faults", faults);
        line.put("workload", workload);
        script.ifPresent(text -> line.put("script", text));
        only.ifPresent(text -> line.put("only", text));
        line.put("fields", fields);
        return Lines.text(line);
    }

    /** @param where for messages */
    static Header parse(String text, String where) {
        JsonObject line = Lines.parse(text, where);
        if (!line.optionalText("type").orElse("").equals(TYPE)) {
            throw new LedgerException(where + ": this is no campaign's file: its first line has to be the campaign's");
        }
        int format = Lines.read(() -> line.integer("format"));
        if (format != FORMAT) {
            throw new LedgerException(where + ": this file is of format %d, and this program reads format %d".formatted(format, FORMAT));
        }
        return Lines.read(() -> new Header(line.text("version"), line.text("profile"),
                line.parsed("shard", line.parsed("seeds", SeedRange::parse)::share), line.text("faults"), line.text("workload"),
                line.optionalText("script"), line.optionalText("only"), line.texts("fields")));
    }
}
