package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.harness.recording.DevicePlayer;
import dev.openppu.harness.recording.EventText;
import dev.openppu.harness.recording.PlayedDifference;
import dev.openppu.harness.recording.RegisterNames;
import dev.openppu.harness.recording.VcdWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's side of a recording against other devices, and what is drawn of it. */
class RecordPlayTest {
    private static final String MODEL = "model:zw810e?clock=sim&seed=7";

    @TempDir
    Path folder;

    private Path record() {
        Path file = folder.resolve("a.rec");
        try (Ppu ppu = Ppu.open(MODEL + "&record=" + file, PpuOptions.builder().noDumps().build())) {
            RecordedWork.run(ppu, 5);
        }
        return file;
    }

    private static List<PlayedDifference> play(Path file, String device, int most) {
        try (RecordingReader reader = new RecordingReader(file);
                DeviceLink link = Links.open(device);
                DevicePlayer player = new DevicePlayer(reader, link, RegisterNames.ofPpu())) {
            List<PlayedDifference> differences = player.play(most);
            assertThat(player.compared()).isPositive();
            return differences;
        }
    }

    @Test
    void theSameDeviceAnswersAsRecorded() {
        assertThat(play(record(), MODEL, 100)).isEmpty();
    }

    @Test
    void theSameDeviceWithAnotherOrderOfEventsAnswersAsRecorded() {
        assertThat(play(record(), "model:zw810e?clock=sim&seed=8&serial=5", 100)).isEmpty();
    }

    @Test
    void aDeviceWithAnotherResetValueIsFoundAtItsFirstReadByName() {
        Path file = record();
        List<PlayedDifference> differences = play(file, "model:hanguang800?clock=sim&seed=7", 1);
        assertThat(differences).singleElement().satisfies(difference -> {
            RecordedEvent first = difference.event();
            assertThat(first.kind()).isIn(Kind.READ, Kind.CONFIG_READ);
            assertThat(difference.text()).contains("recorded").contains("seen");
        });
    }

    @Test
    void aRecordingIsDrawnAsValuesThatChange() {
        Path file = record();
        List<RecordedEvent> events = RecordReplayTest.events(file);
        StringWriter text = new StringWriter();
        VcdWriter vcd = new VcdWriter(RegisterNames.ofPpu(), new PrintWriter(text));
        events.forEach(vcd::declare);
        vcd.begin("test");
        events.forEach(vcd::change);
        vcd.end();
        checkVcd(text.toString(), events.stream().filter(event -> event.kind() == Kind.READ || event.kind() == Kind.WRITE || event
                .kind() == Kind.IRQ).count());
    }

    /** As a reader of the format takes it: declared signals only, of their width, at times that do not go back. */
    private static void checkVcd(String text, long changes) {
        Map<String, Integer> widths = new HashMap<>();
        List<String> names = new ArrayList<>();
        String[] parts = text.split("\\$enddefinitions \\$end\n", -1);
        for (String line : parts[0].lines().toList()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("$var")) {
                assertThat(words).hasSize(6);
                assertThat(widths.put(words[3], Integer.parseInt(words[2]))).isNull();
                names.add(words[4]);
            }
        }
        assertThat(names).contains("vector0", "boot_status").allMatch(name -> name.matches("[A-Za-z0-9_]+"));
        long now = -1;
        long seen = 0;
        for (String line : parts[1].lines().toList()) {
            if (line.startsWith("#")) {
                long next = Long.parseLong(line.substring(1));
                assertThat(next).isGreaterThan(now);
                now = next;
            } else if (line.startsWith("b")) {
                String[] words = line.substring(1).split(" ", -1);
                assertThat(widths.get(words[1])).isNotNull().isGreaterThanOrEqualTo(words[0].length());
                seen += words[0].equals("x") ? 0 : 1;
            } else if (!line.startsWith("$")) {
                assertThat(widths.get(line.substring(1))).isEqualTo(1);
                seen += line.charAt(0) == '1' ? 1 : 0;
            }
        }
        assertThat(seen).isEqualTo(changes);
    }

    @Test
    void registersAreShownByNameAndField() {
        EventText text = new EventText(RegisterNames.ofPpu(), true);
        assertThat(RecordReplayTest.events(record()).stream().map(text::line)).anyMatch(line -> line.contains("boot.status") && line
                .contains("state="));
    }
}
