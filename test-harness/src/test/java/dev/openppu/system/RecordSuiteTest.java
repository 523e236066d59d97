package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.bringup.BringUpSuite;
import dev.openppu.harness.recording.DevicePlayer;
import dev.openppu.harness.recording.RegisterNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cases of a suite under the simulated clock, recorded: in place of the device, and played against another. With {@code -Dopenppu.soak=N} all of the suite, N seeds. */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class RecordSuiteTest {
    private static final int SEEDS = Integer.getInteger("openppu.soak", 0);
    /** Two threads that change often, and config space with all of its capabilities. */
    private static final List<String> SOME = List.of("faults.many", "config.serial");

    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Math.max(1, SEEDS));
    }

    private static List<String> cases(String uri) {
        Suite suite = SEEDS > 0 ? BringUpSuite.suite() : BringUpSuite.suite().only(subject -> SOME.contains(subject.id()));
        try (DeviceLink link = Links.open(uri)) {
            List<CaseResult> results = SuiteRunner.run(suite, link, SuiteListener.SILENT).results();
            assertThat(results).hasSizeGreaterThanOrEqualTo(SOME.size());
            return results.stream().map(result -> result.subject().id() + " " + result.outcome()).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void itIsReplayedExactlyAndAnotherDeviceAnswersAlike(long seed) {
        Path file = folder.resolve("suite.rec");
        List<String> recorded = cases("model:zw810e?clock=sim&seed=" + seed + "&record=" + file);
        List<String> replayed = new ArrayList<>();
        assertThat(RecordReplayTest.differences(() -> replayed.addAll(cases("replay:" + file)))).isEmpty();
        assertThat(replayed).isEqualTo(recorded);
        try (RecordingReader reader = new RecordingReader(file);
                DeviceLink device = Links.open("model:zw810e?clock=sim&seed=" + (seed + 8));
                DevicePlayer player = new DevicePlayer(reader, device, RegisterNames.of(reader.info()))) {
            assertThat(player.play(1)).isEmpty();
            assertThat(player.masked()).containsKey("config space: serial number");
        }
    }
}
