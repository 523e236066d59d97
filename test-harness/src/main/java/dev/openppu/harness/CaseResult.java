package dev.openppu.harness;

import java.util.List;

/**
 * A case that has ended.
 *
 * @param beginNanos on the link's clock, from the run's begin
 * @param endNanos on the link's clock
 * @param hostNanos what it took of the host's time
 * @param notes what the case has found worth telling
 */
public record CaseResult(Stage stage, Case subject, Outcome outcome, long beginNanos, long endNanos, long hostNanos, List<String> notes) {
    public CaseResult {
        notes = List.copyOf(notes);
    }

    public boolean failed() {
        return outcome instanceof Outcome.Failed;
    }
}
