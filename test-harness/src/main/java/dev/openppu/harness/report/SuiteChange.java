package dev.openppu.harness.report;

import dev.openppu.harness.input.JsonObject;
import dev.openppu.harness.input.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Two runs of a suite side by side, read from the files of {@link JsonReport}: the model against another link, yesterday against today.
 *
 * @param before the one to compare with
 * @param after the one that is looked at
 */
public record SuiteChange(Run before, Run after) {
    private static final String FAILED = "failed";
    private static final String PASSED = "passed";
    private static final String ABSENT = "not run";

    /**
     * One run.
     *
     * @param cases by their ids, in the order in which they ran
     * @param used what was used of the device, by name; empty if nobody has watched
     */
    public record Run(String suite, String link, Map<String, Ended> cases, Set<String> used) {
        /**
         * Reads a report.
         *
         * @throws IllegalArgumentException if it is none
         * @throws IOException if it cannot be read
         */
        public static Run read(Path file) throws IOException {
            String text = TextFile.read(file);
            try {
                JsonObject report = JsonObject.parse(text, file.toString());
                Map<String, Ended> cases = new LinkedHashMap<>();
                for (JsonObject each : report.objects("cases")) {
                    cases.put(each.text("id"), new Ended(each.text("title"), each.text("outcome"), optional(each, "rule"),
                            optional(each, "source"), optional(each, "expected"), optional(each, "seen"), optional(each, "again")));
                }
                return new Run(report.text("suite"), report.text("link"), cases, used(report.node().path("coverage")));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(e.getMessage() + "; this is no report of a suite (report.json of --report)", e);
            }
        }

        private static Set<String> used(JsonNode coverage) {
            Set<String> used = new LinkedHashSet<>();
            coverage.path("packets").propertyNames().forEach(kind -> used.add("packet " + kind));
            coverage.path("pageFaults").propertyNames().forEach(kind -> used.add("page fault " + kind));
            coverage.path("resets").propertyNames().forEach(kind -> used.add("reset " + kind));
            for (JsonNode register : coverage.path("registers")) {
                for (JsonNode field : register.path("fields")) {
                    String name = register.path("name").asString("") + "." + field.path("name").asString("");
                    Stream.of("read", "written", "toggled").filter(way -> field.path(way).asBoolean(false))
                            .forEach(way -> used.add("field " + way + " " + name));
                }
            }
            return used;
        }

        private static String optional(JsonObject each, String name) {
            return each.optionalText(name).orElse("");
        }
    }

    /** How a case ended, with what a failure says. */
    public record Ended(String title, String outcome, String rule, String source, String expected, String seen, String again) {}

    /** A case that did not end as it did. */
    public record Changed(String id, Ended before, Ended after) {
        /** It ran both times, and ended in two ways. */
        public boolean ranTwice() {
            return !before.outcome.equals(ABSENT) && !after.outcome.equals(ABSENT);
        }

        /** It passed, or was not there, and failed; or it passed and has not been run. */
        public boolean worse() {
            return after.outcome.equals(FAILED) || before.outcome.equals(PASSED) && after.outcome.equals(ABSENT);
        }
    }

    /** How many cases ran both times. */
    public long inBoth() {
        return before.cases.keySet().stream().filter(after.cases::containsKey).count();
    }

    /** What differs, in the order of {@code before}, then what is new. */
    public List<Changed> changes() {
        Map<String, Ended> all = new LinkedHashMap<>(before.cases);
        after.cases.forEach(all::putIfAbsent);
        return all.keySet().stream().map(id -> new Changed(id, in(before, id), in(after, id)))
                .filter(each -> !each.before.outcome.equals(each.after.outcome)).toList();
    }

    private static Ended in(Run run, String id) {
        return run.cases.getOrDefault(id, new Ended("", ABSENT, "", "", "", "", ""));
    }

    /** What {@code after} has used of its device and {@code before} has not, by name; nothing if one of them was not watched. */
    public List<String> gained() {
        return without(after.used, before.used);
    }

    /** The other way round. */
    public List<String> lost() {
        return without(before.used, after.used);
    }

    private static List<String> without(Set<String> some, Set<String> others) {
        return others.isEmpty() ? List.of() : some.stream().filter(each -> !others.contains(each)).toList();
    }

    public boolean worse() {
        return changes().stream().anyMatch(Changed::worse);
    }
}
