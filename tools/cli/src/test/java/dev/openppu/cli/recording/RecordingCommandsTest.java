package dev.openppu.cli.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.command.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Recordings from the command line. */
class RecordingCommandsTest {
    @TempDir
    Path folder;

    private String recorded() {
        Path file = folder.resolve("info.rec");
        assertThat(Shell.run("info", "--device", "model:zw810e?clock=sim&seed=3&record=" + file).status()).isZero();
        return file.toString();
    }

    @Test
    void theRecordedCommandRunsOnTheRecording() {
        Shell replay = Shell.run("replay", recorded());
        assertThat(replay.out()).contains("PPU-ZW810E").contains("records replayed, no difference");
        assertThat(replay.status()).isZero();
    }

    @Test
    void anotherCommandIsShownWhereItParts() {
        Shell replay = Shell.run("replay", recorded(), "--", "reg", "read", "boot.status");
        assertThat(replay.status()).isEqualTo(1);
        assertThat(replay.out()).contains("different").contains("recorded: ").contains("seen: ");
    }

    @Test
    void theRecordedHostIsPlayedAgainstADevice() {
        Shell play = Shell.run("replay", recorded(), "--device", "model:zw810e?clock=sim&seed=4");
        assertThat(play.out()).contains("answers compared, 0 different").contains("id.serial");
        assertThat(play.status()).isZero();
    }

    @Test
    void anotherDeviceIsFoundAtItsFirstDifferenceByField() {
        Shell play = Shell.run("replay", recorded(), "--device", "model:hanguang800?clock=sim&seed=3", "--json");
        assertThat(play.status()).isEqualTo(1);
        JsonNode first = Shell.json(play.out().lines().findFirst().orElseThrow());
        assertThat(first.get("type").asString()).isEqualTo("difference");
        assertThat(first.get("what").asString()).contains("recorded").contains("seen");
    }

    @Test
    void aRecordingThatCannotBeWrittenIsToldOnceAndFailsTheCommand() {
        Shell full = Shell.run("info", "--device", "model:zw810e?clock=sim&seed=3&record=/dev/full");
        assertThat(full.out()).contains("PPU-ZW810E");
        assertThat(full.err()).hasLineCount(1).contains("/dev/full: the recording ends before what happened", "No space left");
        assertThat(full.status()).isEqualTo(1);
        Shell nowhere = Shell.run("info", "--device", "model:zw810e?clock=sim&seed=3&record=" + folder + "/none/r.rec");
        assertThat(nowhere.err()).hasLineCount(1).contains("none/r.rec: there is no such folder").doesNotContain("Exception");
        assertThat(nowhere.status()).isEqualTo(2);
    }

    @Test
    void aTraceIsFilteredAndDecoded() {
        Shell trace = Shell.run("trace", recorded(), "--name", "boot.*", "--decode", "--kind", "read");
        assertThat(trace.out().lines()).isNotEmpty().allMatch(line -> line.contains(" read bar0+0x1") && line.contains("boot."));
        assertThat(trace.out()).contains("state=");
        Shell json = Shell.run("trace", folder.resolve("info.rec").toString(), "--limit", "3", "--json");
        assertThat(json.out().lines().map(Shell::json).map(line -> line.get("number").asInt())).containsExactly(0, 1, 2);
    }

    @Test
    void aTraceIsDrawn() throws IOException {
        Path vcd = folder.resolve("out.vcd");
        Path perfetto = folder.resolve("out.json");
        assertThat(Shell.run("trace", recorded(), "--vcd", vcd.toString(), "--perfetto", perfetto.toString()).status()).isZero();
        assertThat(Files.readString(vcd)).contains("$enddefinitions").contains("boot_status");
        assertThat(Shell.json(Files.readString(perfetto)).get("traceEvents").size()).isGreaterThan(100);
    }

    @Test
    void nothingIsWrittenOverTheRecording() throws IOException {
        String file = recorded();
        byte[] before = Files.readAllBytes(Path.of(file));
        String alike = folder.resolve(".").resolve("info.rec").toString();
        String out = folder.resolve("out").toString();
        for (Shell refused : List.of(Shell.run("trace", file, "--vcd", alike), Shell.run("trace", file, "--perfetto", file),
                Shell.run("trace", file, "--vcd", out, "--perfetto", out),
                Shell.run("info", "--device", "replay:" + file + "?record=" + alike))) {
            assertThat(refused.status()).isEqualTo(2);
            assertThat(refused.err()).hasLineCount(1).contains("name ");
        }
        assertThat(Files.readAllBytes(Path.of(file))).isEqualTo(before);
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(Shell.run("trace", file, "--limit", "0").status()).isEqualTo(2);
    }

    private static final String COUNTER = "addrmap timer { reg { field { sw = rw; hw = na; desc = \"It runs.\"; } %s[0:0] = %d; } control; };";

    @Test
    void aDeviceMadeFromADescriptionIsShownAndReplayedByItsNames() throws IOException {
        Path rdl = Files.writeString(folder.resolve("timer.rdl"), COUNTER.formatted("run", 0));
        Path file = folder.resolve("timer.rec");
        assertThat(Shell.run("conform", "--suite", "registers", "--device", "rdl:" + rdl + "?clock=sim&seed=3&record=" + file).status())
                .isZero();
        Shell replay = Shell.run("replay", file.toString());
        assertThat(replay.out()).contains("records replayed, no difference");
        assertThat(replay.status()).isZero();
        assertThat(Shell.run("trace", file.toString(), "--name", "control", "--decode", "--limit", "1").out())
                .contains("control bytes=4 = 0x0 (run=0)");
        Path other = Files.writeString(folder.resolve("other.rdl"), COUNTER.formatted("run", 1));
        Shell play = Shell.run("replay", file.toString(), "--device", "rdl:" + other + "?clock=sim");
        assertThat(play.status()).isEqualTo(1);
        assertThat(play.out()).contains("control field run: recorded 0, seen 1");
        Path renamed = Files.writeString(folder.resolve("renamed.rdl"), COUNTER.formatted("go", 0));
        Files.delete(rdl);
        Shell gone = Shell.run("trace", file.toString(), "--decode", "--kind", "read", "--limit", "1");
        assertThat(gone.out()).contains("bar0+0x0 bytes=4 = 0x0\n");
        assertThat(gone.err()).hasLineCount(1).contains("shown without names", "timer.rdl", "--map FILE gives them");
        assertThat(Shell.run("trace", file.toString(), "--map", renamed.toString(), "--decode", "--kind", "read", "--limit", "1").out())
                .contains("control bytes=4 = 0x0 (go=0)");
        Path big = Files.writeString(folder.resolve("big.rdl"), COUNTER.formatted("run", 0).replace("{ reg", "{ bigendian; reg"));
        assertThat(Shell.run("trace", file.toString(), "--map", big.toString(), "--decode", "--kind", "read", "--limit", "1").out())
                .contains("control bytes=4 = 0x0\n");
    }

    @Test
    void whatIsNoRecordingIsRefusedWithOneMessage() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "hello");
        Shell trace = Shell.run("trace", text.toString());
        assertThat(trace.status()).isEqualTo(2);
        assertThat(trace.err()).contains("no recording").hasLineCount(1);
    }

    @Test
    void aCutRecordingIsShownAsFarAsItIsWhole() throws IOException {
        Path file = Path.of(recorded());
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 10));
        Shell trace = Shell.run("trace", file.toString(), "--summary");
        assertThat(trace.status()).isEqualTo(2);
        assertThat(trace.err()).contains("shown is what comes before");
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedRecordingIsShownAndPlayedAsFarAsItGoesAndIsNoPass(Damage damage) throws IOException {
        Path file = Path.of(recorded());
        Files.write(file, damage.of(Damage.Parts.of(Files.readAllBytes(file))));
        List<Shell> runs = List.of(Shell.run("trace", file.toString(), "--json", "--kind", "reset"),
                Shell.run("trace", file.toString(), "--summary", "--json"),
                Shell.run("replay", file.toString(), "--device", "model:zw810e?clock=sim&seed=3", "--json"));
        for (Shell run : runs) {
            assertThat(run.status()).isEqualTo(2);
            JsonNode last = Shell.json(run.out().contains("\n{") ? run.out().lines().toList().getLast() : run.out());
            assertThat(last.get("whole").asBoolean()).isFalse();
            assertThat(last.get("ending").asString()).contains(damage.ending());
        }
        Shell driver = Shell.run("replay", file.toString());
        assertThat(driver.status()).isEqualTo(2);
        assertThat(driver.out()).contains(damage.ending()).doesNotContain("different  ");
    }

    @Test
    void aDifferenceInADamagedRecordingIsADifference() throws IOException {
        Path file = Path.of(recorded());
        Files.write(file, Damage.FOLLOWED.of(Damage.Parts.of(Files.readAllBytes(file))));
        assertThat(Shell.run("replay", file.toString(), "--", "reg", "read", "boot.status").status()).isEqualTo(1);
        Shell play = Shell.run("replay", file.toString(), "--device", "model:hanguang800?clock=sim&seed=3");
        assertThat(play.status()).isEqualTo(1);
    }

    @Test
    void aDamagedRecordingIsNotCalledAnotherCommand() throws IOException {
        Path file = Path.of(recorded());
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length * 2 / 3));
        Shell replay = Shell.run("replay", file.toString());
        assertThat(replay.status()).isEqualTo(2);
        assertThat(replay.out()).contains("cut short  record ", "the recording ends before this (it is cut within ",
                "recorded: nothing, it ends here").doesNotContain("different");
    }

    @Test
    void aReadThatNobodyAnswersHasNoValue() {
        Shell replay = Shell.run("replay", recorded(), "--", "reg", "read", "boot.status");
        assertThat(replay.out()).containsPattern("seen: +[a-z-]*read .*: no value\n").doesNotContainPattern("seen: .* = 0x0");
    }

    @Test
    void aSelectionOfNothingIsSaidSo() {
        Shell trace = Shell.run("trace", recorded(), "--name", "nosuch.*");
        assertThat(trace.out()).isEmpty();
        assertThat(trace.err()).hasLineCount(1).contains("no record is what the options select");
        assertThat(trace.status()).isZero();
    }
}
