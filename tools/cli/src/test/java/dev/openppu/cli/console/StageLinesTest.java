package dev.openppu.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageLinesTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void whereNobodyLooksEachStageIsOnePlainLine() {
        StageLines lines = new StageLines(terminal(false, Map.of("TERM", "xterm")), 6);
        lines.begin("boot");
        lines.detail("ROM 1.0");
        lines.detail("ready");
        lines.succeed(1_500_000);
        lines.begin("memory");
        lines.fail("no answer");
        assertThat(printed()).isEqualTo("✓ boot    ROM 1.0, ready  1.5 ms\n✗ memory  no answer\n");
    }

    @Test
    void aLiveLineFillsIn() {
        StageLines lines = new StageLines(terminal(true, Map.of("TERM", "xterm", "NO_COLOR", "1")), 6);
        lines.begin("boot");
        lines.detail("ROM 1.0");
        lines.succeed(900);
        assertThat(printed()).isEqualTo("\r\033[K· boot\r\033[K· boot    ROM 1.0\r\033[K✓ boot    ROM 1.0  900 ns\n");
    }

    @Test
    void aLiveLineNeverWraps() {
        StageLines lines = new StageLines(terminal(true, Map.of("TERM", "xterm", "NO_COLOR", "1")), 6);
        lines.begin("boot");
        lines.detail("x".repeat(500));
        assertThat(printed().lines().mapToInt(line -> line.replaceAll(".*\\[K", "").length()).max()).hasValue(79);
    }

    @ParameterizedTest
    @CsvSource({"true,xterm,,true,true", "true,xterm,1,true,false", "true,dumb,,false,false", "true,,,false,false",
        "false,xterm,,false,false"})
    void coloursAndLiveLinesNeedATerminal(boolean terminal, String term, String noColor, boolean live, boolean colour) {
        Map<String, String> environment = new java.util.HashMap<>();
        if (term != null) {
            environment.put("TERM", term);
        }
        if (noColor != null) {
            environment.put("NO_COLOR", noColor);
        }
        Terminal made = terminal(terminal, environment);
        assertThat(made.live()).isEqualTo(live);
        assertThat(made.colour()).isEqualTo(colour);
    }

    @Test
    void asciiWhereTheEncodingHasNoMore() {
        PrintStream stream = new PrintStream(bytes, true, StandardCharsets.US_ASCII);
        StageLines lines = new StageLines(Terminal.of(stream, stream, StandardCharsets.US_ASCII, false, Map.of()), 4);
        lines.begin("boot");
        lines.succeed(2);
        assertThat(printed()).isEqualTo("ok   boot  2 ns\n");
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1 KiB", "1536,1.5 KiB", "268435456,256 MiB", "103079215104,96 GiB",
        "9223372036854775807,8 EiB"})
    void bytesInTheUnitThatFits(long bytes, String text) {
        assertThat(StageLines.bytes(bytes)).isEqualTo(text);
    }

    private Terminal terminal(boolean terminal, Map<String, String> environment) {
        PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return Terminal.of(stream, stream, StandardCharsets.UTF_8, terminal, environment);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
