package dev.openppu.harness.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

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
     */
    public record Run(String suite, String link, Map<String, Ended> cases) {
        /**
         * Reads a report.
         *
         * @throws IllegalArgumentException if it is none
         * @throws IOException if it cannot be read
         */
        public static Run read(Path file) throws IOException {
            try {
                JsonNode report = new ObjectMapper().readTree(Files.readString(file));
                Map<String, Ended> cases = new LinkedHashMap<>();
                for (JsonNode each : report.required("cases")) {
                    cases.put(each.required("id").asString(), new Ended(each.required("title").asString(),
                            each.required("outcome").asString(), text(each, "expected"), text(each, "seen"), text(each, "again")));
                }
                return new Run(report.required("suite").asString(), report.required("link").asString(), cases);
            } catch (JacksonException e) {
                throw new IllegalArgumentException(file + " is no report of a suite: " + e.getOriginalMessage(), e);
            }
        }

        private static String text(JsonNode node, String name) {
            return Optional.ofNullable(node.get(name)).map(JsonNode::asString).orElse("");
        }
    }

    /** How a case ended, with what a failure says. */
    public record Ended(String title, String outcome, String expected, String seen, String again) {}

    /** A case that did not end as it did. */
    public record Changed(String id, Ended before, Ended after) {
        /** It passed, or was not there, and failed; or it passed and has not been run. */
        public boolean worse() {
            return after.outcome.equals(FAILED) || before.outcome.equals(PASSED) && after.outcome.equals(ABSENT);
        }
    }

    /** What differs, in the order of {@code before}, then what is new. */
    public List<Changed> changes() {
        Map<String, Ended> all = new LinkedHashMap<>(before.cases);
        after.cases.forEach(all::putIfAbsent);
        return all.keySet().stream().map(id -> new Changed(id, in(before, id), in(after, id)))
                .filter(each -> !each.before.outcome.equals(each.after.outcome)).toList();
    }

    private static Ended in(Run run, String id) {
        return run.cases.getOrDefault(id, new Ended("", ABSENT, "", "", ""));
    }

    public boolean worse() {
        return changes().stream().anyMatch(Changed::worse);
    }
}
