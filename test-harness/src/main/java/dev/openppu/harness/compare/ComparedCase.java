package dev.openppu.harness.compare;

import dev.openppu.harness.Case;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Stage;
import java.util.List;
import java.util.Optional;

/**
 * A case on several links.
 *
 * @param results one for each link, in their order; empty where a run ended before it
 */
public record ComparedCase(Stage stage, Case subject, List<Optional<CaseResult>> results) {
    public ComparedCase {
        results = List.copyOf(results);
    }

    /** How each link's ended. */
    public List<Outcome> outcomes() {
        return results.stream().map(result -> result.map(CaseResult::outcome).orElse(new Outcome.Skipped("the run ended before it")))
                .toList();
    }

    public Agreement agreement() {
        List<Outcome> seen = outcomes().stream().filter(ComparedCase::seen).toList();
        if (seen.isEmpty()) {
            return Agreement.UNSEEN;
        }
        if (seen.stream().distinct().count() > 1) {
            return Agreement.DIFFERENT;
        }
        return seen.size() == results.size() ? Agreement.ALIKE : Agreement.PARTLY_SEEN;
    }

    /** Whether a link has shown how the device behaves. */
    public static boolean seen(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Passed _,Outcome.Failed _ -> true;
            case Outcome.Unobservable _,Outcome.Skipped _ -> false;
        };
    }
}
