package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.harness.Case;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Stage;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** The suite's cases as JUnit tests: the same cases, in the same order, on the same kind of run as the command line's. */
class BringUpTest {
    private final List<AutoCloseable> open = new ArrayList<>();

    @TestFactory
    Stream<DynamicContainer> underTheSimulatedClock() {
        return cases("model:zw810e?clock=sim&seed=1");
    }

    @TestFactory
    Stream<DynamicContainer> freeRunning() {
        return cases("model:zw810e?clock=free");
    }

    @TestFactory
    Stream<DynamicContainer> anotherProfile() {
        return cases("model:hanguang800?clock=sim&seed=1");
    }

    /** As most links to other processes and to silicon are; and a driver has been there before. */
    @TestFactory
    Stream<DynamicContainer> withoutAColdReset() {
        DeviceLink link = new DefectiveLink(Links.open("model:zw810e?clock=sim&seed=2")) {
            @Override
            public Set<ResetKind> resets() {
                return Set.of(ResetKind.FUNCTION_LEVEL);
            }
        };
        Ppu.open(link, PpuOptions.defaults()).close();
        return cases(link);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
    }

    private Stream<DynamicContainer> cases(String uri) {
        return cases(Links.open(uri));
    }

    private Stream<DynamicContainer> cases(DeviceLink link) {
        Suite suite = BringUpSuite.suite();
        open.add(link);
        SuiteRun run = new SuiteRun(suite, link, SuiteListener.SILENT);
        open.add(run);
        return suite.stages().stream().map(stage -> DynamicContainer.dynamicContainer(stage.title(),
                stage.cases().stream().map(c -> DynamicTest.dynamicTest(c.id(), () -> judge(run, stage, c)))));
    }

    private static void judge(SuiteRun run, Stage stage, Case subject) {
        CaseResult result = run.run(stage, subject);
        switch (result.outcome()) {
            case Outcome.Passed _ -> {
            }
            case Outcome.Failed failed -> assertThat(failed.remark()).as(subject.rule().text()).isEmpty();
            case Outcome.Unobservable unobservable -> throw new TestAbortedException("unobservable, because " + unobservable.because());
            case Outcome.Skipped skipped -> throw new TestAbortedException(skipped.because());
        }
    }
}
