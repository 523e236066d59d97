package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.bringup.BringUpSuite;
import dev.openppu.harness.recording.DevicePlayer;
import dev.openppu.harness.recording.EventText;
import dev.openppu.harness.recording.RegisterNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device in another process, recorded: played against one here, and in place of it. */
@Timeout(120)
class RecordServedTest {
    /** Of one thread, so that a recording in real time is replayed exactly. */
    private static final Set<String> CASES = Set.of("config.identity", "boot.unmapped", "boot.good.host-dma");

    @TempDir
    static Path place;
    private static ServedProcess server;

    @TempDir
    Path folder;

    @BeforeAll
    static void serve() throws IOException {
        server = new ServedProcess(place.resolve("ppu.sock"), "model:zw810e");
    }

    @AfterAll
    static void end() throws InterruptedException {
        server.close();
    }

    private String recorded(Path file) {
        return server.uri() + "?record=" + file;
    }

    private static void playedHereItAnswersAsThere(Path file) {
        try (RecordingReader reader = new RecordingReader(file);
                DeviceLink device = Links.open("model:zw810e");
                DevicePlayer player = new DevicePlayer(reader, device, RegisterNames.of(reader.info()))) {
            assertThat(player.play(1)).isEmpty();
            assertThat(player.compared()).isPositive();
        }
    }

    private static List<String> cases(String uri) {
        try (DeviceLink link = Links.open(uri)) {
            List<CaseResult> results = SuiteRunner.run(BringUpSuite.suite().only(subject -> CASES.contains(subject.id())), link,
                    SuiteListener.SILENT).results();
            assertThat(results).hasSameSizeAs(CASES);
            return results.stream().map(result -> result.subject().id() + " " + result.outcome()).toList();
        }
    }

    @Test
    void whatADriverDoesThereIsPlayedAgainstADeviceHere() {
        Path file = folder.resolve("driver.rec");
        try (Ppu ppu = Ppu.open(recorded(file), PpuOptions.builder().noDumps().build())) {
            RecordedWork.run(ppu, 3);
        }
        List<RecordedEvent> events = RecordReplayTest.events(file);
        assertThat(events).extracting(RecordedEvent::kind)
                .contains(Kind.READ, Kind.WRITE, Kind.HOST_WRITE, Kind.DMA_READ, Kind.DMA_WRITE, Kind.IRQ).doesNotContain(Kind.UNSEEN);
        EventText text = new EventText(RegisterNames.ofPpu(), true);
        assertThat(events.stream().map(text::line)).anyMatch(line -> line.contains("boot.status") && line.contains("state="));
        playedHereItAnswersAsThere(file);
    }

    @Test
    void whatAProgramOfOneThreadDoesThereIsAnsweredFromTheRecording() {
        Path file = folder.resolve("cases.rec");
        List<String> there = cases(recorded(file));
        List<String> replayed = new ArrayList<>();
        assertThat(RecordReplayTest.differences(() -> replayed.addAll(cases("replay:" + file)))).isEmpty();
        assertThat(replayed).isEqualTo(there).allMatch(result -> result.contains("Passed"));
        playedHereItAnswersAsThere(file);
    }
}
