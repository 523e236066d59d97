package dev.openppu.harness.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.LinkIdentity;
import dev.openppu.harness.Case;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Outcome.Failed;
import dev.openppu.harness.Outcome.Passed;
import dev.openppu.harness.Outcome.Skipped;
import dev.openppu.harness.Outcome.Unobservable;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.cover.LinkCoverage;
import dev.openppu.harness.timeline.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Stage STAGE = new Stage("s", "Stage",
            List.of("a", "b", "c", "d", "e").stream().map(id -> Case.of("s." + id, id, Rule.guide(1, "it is so"), _ -> {})).toList());
    private static final Suite SUITE = new Suite("suite", "Suite", List.of(STAGE));

    private static SuiteReport report(String uri, Outcome... outcomes) {
        List<CaseResult> results = new ArrayList<>();
        for (int i = 0; i < outcomes.length; i++) {
            results.add(new CaseResult(STAGE, STAGE.cases().get(i), outcomes[i], i, i + 1L, 7L * i, List.of()));
        }
        return new SuiteReport(SUITE, new LinkIdentity(uri, "", "", true), List.of(), results, new Timeline(0, List.of(), List.of()), 1, 2,
                Optional.empty(), LinkCoverage.NONE);
    }

    private static List<String> ids(Comparison comparison, Agreement agreement) {
        return comparison.cases(agreement).stream().map(compared -> compared.subject().id()).toList();
    }

    @Test
    void whatTwoLinksShowIsSorted() {
        Comparison comparison = new Comparison(SUITE, List.of(
                report("one:", new Passed(), new Passed(), new Failed("1", "2"), new Passed(), new Skipped("absent")),
                report("two:", new Passed(), new Failed("1", "0"), new Failed("1", "3"), new Unobservable("hidden"),
                        new Unobservable("hidden"))));
        assertThat(ids(comparison, Agreement.ALIKE)).containsExactly("s.a");
        assertThat(ids(comparison, Agreement.DIFFERENT)).containsExactly("s.b", "s.c");
        assertThat(ids(comparison, Agreement.PARTLY_SEEN)).containsExactly("s.d");
        assertThat(ids(comparison, Agreement.UNSEEN)).containsExactly("s.e");
        assertThat(comparison.good()).isFalse();
    }

    @Test
    void timesAreNoDifference() {
        SuiteReport slow = new SuiteReport(SUITE, new LinkIdentity("slow:", "", "", true), List.of(),
                List.of(new CaseResult(STAGE, STAGE.cases().getFirst(), new Passed(), 5, 5000, 9, List.of("a note"))),
                new Timeline(0, List.of(), List.of()), 1, 2, Optional.empty(), LinkCoverage.NONE);
        Comparison comparison = new Comparison(SUITE, List.of(report("one:", new Passed()), slow));
        assertThat(ids(comparison, Agreement.ALIKE)).containsExactly("s.a");
        assertThat(comparison.good()).isTrue();
    }

    @Test
    void aRunThatEndedEarlyHasSeenNoMore() {
        Comparison comparison = new Comparison(SUITE, List.of(report("one:", new Passed(), new Passed()), report("two:", new Passed())));
        assertThat(ids(comparison, Agreement.PARTLY_SEEN)).containsExactly("s.b");
        assertThat(comparison.cases(Agreement.PARTLY_SEEN).getFirst().outcomes().getLast().remark()).contains("ended before");
    }

    @Test
    void oneThatFailsAlikeEverywhereIsAlikeAndNotGood() {
        Comparison comparison = new Comparison(SUITE, List.of(report("one:", new Failed("1", "2")), report("two:", new Failed("1", "2"))));
        assertThat(ids(comparison, Agreement.ALIKE)).containsExactly("s.a");
        assertThat(comparison.good()).isFalse();
    }

    @Test
    void anotherSuiteIsRefused() {
        SuiteReport other = new SuiteReport(new Suite("other", "Other", List.of(STAGE)), new LinkIdentity("one:", "", "", true), List.of(),
                List.of(), new Timeline(0, List.of(), List.of()), 1, 2, Optional.empty(), LinkCoverage.NONE);
        assertThatThrownBy(() -> new Comparison(SUITE, List.of(other))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other");
    }
}
