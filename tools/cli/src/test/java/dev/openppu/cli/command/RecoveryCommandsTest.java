package dev.openppu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reset, drain, firmware and dumps by command, on the model. */
class RecoveryCommandsTest {
    @TempDir
    private Path folder = Path.of("");

    private Path dump() {
        Path file = folder.resolve("dump.jsonl");
        assertThat(Shell.run("dump", "take", file.toString(), "--seed", "1").status()).isZero();
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "bus"})
    void resetsAndSaysHowItWent(String level) {
        Shell shell = Shell.run("reset", "--level", level, "--seed", "1", "--json");
        assertThat(shell.status()).as(shell.err()).isZero();
        assertThat(Shell.json(shell.out()).get("recovered").asBoolean()).isTrue();
        assertThat(Shell.json(shell.out()).get("epoch").asInt()).isEqualTo(2);
    }

    @Test
    void namesTheRungsThereAre() {
        Shell shell = Shell.run("reset", "--level", "node", "--seed", "1");
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains("queue, engine, function, bus");
    }

    @Test
    void drains() {
        Shell shell = Shell.run("drain", "--seed", "1");
        assertThat(shell.status()).isZero();
        assertThat(shell.out()).contains("no job is left");
    }

    @Test
    void readsTheFirmwaresLog() {
        Shell shell = Shell.run("fw", "log", "--seed", "1");
        assertThat(shell.status()).as(shell.err()).isZero();
        assertThat(shell.out()).isNotBlank();
    }

    @Test
    void showsADump() {
        Path file = dump();
        Shell shell = Shell.run("dump", "show", file.toString());
        assertThat(shell.status()).as(shell.err()).isZero();
        assertThat(shell.out()).contains("asked for by ppu dump take").contains("boot.status").contains("state=RUNNING")
                .contains("PPU-ZW810E");
        Shell json = Shell.run("dump", "show", file.toString(), "--json");
        assertThat(json.out().lines().map(Shell::json).filter(line -> line.path("name").asString("").equals("boot.status"))).singleElement()
                .satisfies(line -> assertThat(line.get("fields").get(0).get("enum").asString()).isEqualTo("RUNNING"));
    }

    @Test
    void aDumpThatIsCutOffAnywhereGivesOneMessage() throws IOException {
        List<String> lines = Files.readAllLines(dump());
        for (int kept : new int[]{0, 1, 2, lines.size() / 2, lines.size() - 1}) {
            Path file = Files.write(folder.resolve("cut"), lines.subList(0, kept));
            Shell shell = Shell.run("dump", "show", file.toString());
            assertThat(shell.status()).isEqualTo(2);
            assertThat(shell.err().lines()).hasSize(1).first().asString().containsAnyOf("cut off", "not a dump");
        }
        Path file = Files.writeString(folder.resolve("cut"), String.join("\n", lines).substring(0, 5000));
        assertThat(Shell.run("dump", "show", file.toString()).err()).contains("damaged");
    }

    @Test
    void whatIsNoDumpGivesOneMessage() throws IOException {
        Path file = folder.resolve("other");
        for (String text : new String[]{"", "hello\n", "[1]\n", "{}\n", "{\"section\":\"header\"}\n", "\u0000\u0001"}) {
            Files.writeString(file, text);
            Shell shell = Shell.run("dump", "show", file.toString());
            assertThat(shell.status()).as(text).isEqualTo(2);
            assertThat(shell.err()).contains("dump");
        }
        Files.writeString(file, "{\"section\":\"header\",\"format\":\"openppu-dump\",\"version\":99}\n{\"section\":\"end\",\"lines\":2}\n");
        assertThat(Shell.run("dump", "show", file.toString()).err()).contains("version 99");
        assertThat(Shell.run("dump", "show", folder.resolve("missing").toString()).err()).contains("no such file");
    }

    @Test
    void aDumpThatCannotBeWrittenGivesOneMessage() {
        Shell shell = Shell.run("dump", "take", folder.resolve("no/such/folder").toString(), "--seed", "1");
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains("cannot be written");
    }

    @Test
    void textOfTheDeviceHasNoPowerOverTheTerminal() throws IOException {
        String text = """
                {"section":"header","format":"openppu-dump","version":1,"reason":"\\u001b[2Jgone"}
                {"section":"log","text":"\\u009b31mred\\nline"}
                {"section":"packet","queue":1,"\\u001bx":"\\u001b[2J"}
                {"section":"queue","queue":1,"holder":"\\u001b[2J"}
                {"section":"register","name":"\\u001b[2J","value":"\\u001b"}
                {"section":"end","lines":6}
                """;
        Path file = Files.writeString(folder.resolve("hostile"), text);
        Shell shell = Shell.run("dump", "show", file.toString());
        assertThat(shell.status()).as(shell.err()).isZero();
        assertThat(shell.out().replace(System.lineSeparator(), "")).doesNotContainPattern("\\p{Cc}");
    }

    @Test
    @Timeout(20)
    void aDumpOfManyQueuesIsShownInTime() throws IOException {
        StringBuilder text = new StringBuilder("{\"section\":\"header\",\"format\":\"openppu-dump\",\"version\":1}\n");
        for (int i = 0; i < 100_000; i++) {
            text.append("{\"section\":\"queue\",\"queue\":").append(i).append("}\n{\"section\":\"packet\",\"queue\":").append(i)
                    .append("}\n");
        }
        Path file = Files.writeString(folder.resolve("long"), text.append("{\"section\":\"end\",\"lines\":200002}\n"));
        assertThat(Shell.run("dump", "show", file.toString()).status()).isZero();
    }

    @Test
    void aTimeThatCannotBeIsRefused() {
        Shell shell = Shell.run("drain", "--timeout", "-5", "--seed", "1");
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains("--timeout").contains("-5");
    }

    @Test
    void whatIsNoFirmwareImageGivesOneMessage() throws IOException {
        Path file = Files.write(folder.resolve("image"), new byte[100]);
        Path empty = Files.createFile(folder.resolve("empty"));
        Path large = Files.write(folder.resolve("large"), new byte[8 << 20]);
        for (Path image : new Path[]{file, empty, large, folder, folder.resolve("missing")}) {
            Shell shell = Shell.run("fw", "update", image.toString(), "--seed", "1");
            assertThat(shell.status()).as(shell.err()).isNotZero();
            assertThat(shell.err().lines()).as(shell.err()).hasSizeLessThanOrEqualTo(3);
            assertThat(shell.err()).doesNotContain("internal error");
        }
    }
}
