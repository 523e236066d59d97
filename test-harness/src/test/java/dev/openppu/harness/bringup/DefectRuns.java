package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.harness.Case;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.Suites;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Runs of a suite on the model, sound or with a defect planted between it and the suite. */
public final class DefectRuns {
    private static final String MODEL = "model:zw810e?clock=sim&seed=3";

    private DefectRuns() {}

    /** Stages of the suites for these subjects. */
    static Suite stages(List<String> subjects, Set<String> stages) {
        Suite all = Suites.ofPpu().of(subjects, SuiteSettings.QUICK, "");
        return new Suite(all.id(), all.title(), all.stages().stream().filter(stage -> stages.contains(stage.id())).toList());
    }

    /** Runs a suite on the simulated model with a defect. */
    public static SuiteReport run(Suite suite, UnaryOperator<DeviceLink> defect) {
        return run(suite, MODEL, defect);
    }

    /** Runs a suite on a link with a defect. */
    public static SuiteReport run(Suite suite, String uri, UnaryOperator<DeviceLink> defect) {
        try (DeviceLink link = Links.open(uri)) {
            return SuiteRunner.run(suite, defect.apply(link), SuiteListener.SILENT);
        }
    }

    /** Runs a suite on the simulated model as it is, and fails if a case does. */
    static SuiteReport sound(Suite suite) {
        return sound(suite, MODEL);
    }

    /** Runs a suite on a link as it is, and fails if a case does. */
    public static SuiteReport sound(Suite suite, String uri) {
        SuiteReport report = run(suite, uri, UnaryOperator.identity());
        assertThat(report.failures().stream().map(failure -> failure.subject().id() + ": " + failure.outcome().remark())).isEmpty();
        return report;
    }

    /** Fails unless a defect turns exactly these cases red, of which there is one at least. */
    public static void expectRed(Suite suite, UnaryOperator<DeviceLink> defect, Collection<String> expected) {
        assertThat(expected).as("cases that see the defect").isNotEmpty();
        assertThat(red(run(suite, defect))).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Ids of the cases that failed. */
    static List<String> red(SuiteReport report) {
        return report.failures().stream().map(CaseResult::subject).map(Case::id).toList();
    }

    /** Ids of a suite's cases. */
    static Set<String> ids(Suite suite, Predicate<String> wanted) {
        return suite.stages().stream().flatMap(stage -> stage.cases().stream()).map(Case::id).filter(wanted).collect(Collectors.toSet());
    }
}
