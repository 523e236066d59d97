package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.harness.Case;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Stage;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteRun;
import dev.openppu.harness.bringup.BringUpSuite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bring-up suite, run on the model in another process: the same cases pass as on the model in this one, but for those that cannot be seen, which are counted. */
@Timeout(300)
class ServedBringUpTest {
    /** What needs the window after a reset. */
    private static final int UNOBSERVABLE = 1;
    /** A block that the model does not have. */
    private static final int SKIPPED = 1;

    @ParameterizedTest
    @ValueSource(strings = {"", "?dma=messages", "?bars=messages", "?bars=messages&dma=messages"})
    void theSuitePassesOnAModelInAnotherProcess(String options, @TempDir Path folder) throws Exception {
        try (ServedProcess server = new ServedProcess(folder.resolve("ppu.sock"), "model:zw810e");
                DeviceLink link = Links.open(server.uri() + options);
                SuiteRun run = new SuiteRun(BringUpSuite.suite(), link, SuiteListener.SILENT)) {
            List<String> failed = new ArrayList<>();
            List<String> unobservable = new ArrayList<>();
            List<String> skipped = new ArrayList<>();
            Suite suite = BringUpSuite.suite();
            for (Stage stage : suite.stages()) {
                for (Case subject : stage.cases()) {
                    CaseResult result = run.run(stage, subject);
                    switch (result.outcome()) {
                        case Outcome.Passed _ -> {
                        }
                        case Outcome.Failed failure -> failed.add(subject.id() + ": " + failure.remark());
                        case Outcome.Unobservable hidden -> unobservable.add(subject.id() + ": " + hidden.because());
                        case Outcome.Skipped skip -> skipped.add(subject.id() + ": " + skip.because());
                    }
                }
            }
            assertThat(failed).isEmpty();
            assertThat(skipped).hasSize(SKIPPED);
            assertThat(unobservable).hasSize(UNOBSERVABLE);
        }
    }
}
