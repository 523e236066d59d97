package dev.openppu.harness.compare;

import dev.openppu.harness.Case;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Stage;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One suite's runs on several links, case by case. Cases stand in the suite's order, results in the links'. */
public final class Comparison {
    private final List<SuiteReport> reports;
    private final List<ComparedCase> cases;

    /**
     * @param suite that all of them ran
     * @throws IllegalArgumentException if one is of another suite
     */
    public Comparison(Suite suite, List<SuiteReport> reports) {
        reports.stream().filter(report -> !report.suite().id().equals(suite.id())).findAny().ifPresent(other -> {
            throw new IllegalArgumentException("%s ran the suite %s, not %s".formatted(other.link().uri(), other.suite().id(), suite.id()));
        });
        this.reports = List.copyOf(reports);
        this.cases = compare(suite);
    }

    private List<ComparedCase> compare(Suite suite) {
        List<ComparedCase> compared = new ArrayList<>();
        for (Stage stage : suite.stages()) {
            for (Case subject : stage.cases()) {
                compared.add(new ComparedCase(stage, subject, reports.stream().map(report -> result(report, subject)).toList()));
            }
        }
        return List.copyOf(compared);
    }

    private static Optional<CaseResult> result(SuiteReport report, Case subject) {
        return report.results().stream().filter(result -> result.subject().id().equals(subject.id())).findFirst();
    }

    /** What was compared. */
    public List<SuiteReport> reports() {
        return reports;
    }

    /** The cases whose links agree in this way. */
    public List<ComparedCase> cases(Agreement agreement) {
        return cases.stream().filter(compared -> compared.agreement() == agreement).toList();
    }

    /** Every link's run is good, and no two of them show different behaviour. */
    public boolean good() {
        return reports.stream().allMatch(SuiteReport::good) && cases(Agreement.DIFFERENT).isEmpty();
    }
}
