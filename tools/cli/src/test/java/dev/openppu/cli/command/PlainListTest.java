package dev.openppu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.console.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainListTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"list", "list --json", "--json list"})
    void printsWhatTheParsedCommandPrints(String line) {
        String[] arguments = line.split(" ");
        Terminal terminal = terminal(new PrintStream(out, true, StandardCharsets.UTF_8));
        int status = PlainList.run(terminal, arguments).orElseThrow();
        assertThat(new Shell(status, printed(out), printed(err))).isEqualTo(Shell.run(arguments));
        assertThat(printed(out)).contains("model:zw810e");
    }

    @Test
    void linksThatTheLauncherAddsAreAmongThem() {
        Terminal terminal = terminal(new PrintStream(out, true, StandardCharsets.UTF_8));
        new ListCommand(new Invocation(GlobalOptions.ofOutput(false), terminal), "native+other:LIBRARY.so;model:twice").call();
        assertThat(printed(out)).containsPattern("native\\+other +native\\+other:LIBRARY.so\\n").doesNotContain("twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "info", "--json", "list --help", "list list", "list --debug", "list --json --json", "lst"})
    void leavesEverythingElseToTheParser(String line) {
        Terminal terminal = terminal(new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(PlainList.run(terminal, line.split(" "))).isEmpty();
        assertThat(printed(out) + printed(err)).isEmpty();
    }

    @Test
    void failsAsTheParsedCommandFails() {
        Terminal terminal = terminal(new BrokenStream());
        int plain = PlainList.run(terminal, "list").orElseThrow();
        String report = printed(err);
        err.reset();
        int parsed = TopCommand.commandLine(terminal, "list").execute("list");
        assertThat(plain).isEqualTo(parsed).isEqualTo(1);
        assertThat(report).isEqualTo(printed(err)).contains("internal error").contains("nobody reads");
    }

    private Terminal terminal(PrintStream results) {
        return new Terminal(results, new PrintStream(err, true, StandardCharsets.UTF_8), false, false, true);
    }

    private static String printed(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Fails where the command prints its first line. */
    private static final class BrokenStream extends PrintStream {
        BrokenStream() {
            super(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        }

        @Override
        public void println(String line) {
            throw new IllegalStateException("nobody reads");
        }
    }
}
