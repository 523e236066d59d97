package dev.openppu.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "plain/a-1.rdl", "t wo.rdl", "it's", "''", "$HOME", "a\\b", "`id`", "*", "a;b", "#x", "~", "a\nb", "!x",
        "{a,b}", "ä"})
    void aShellMakesOfItWhatWasGiven(String text) throws IOException, InterruptedException {
        for (String word : new String[]{ShellWord.of(text), ShellWord.quoted(text)}) {
            Process shell = new ProcessBuilder("/bin/sh", "-c", "printf '%s.' " + word).redirectErrorStream(true).start();
            byte[] made = shell.getInputStream().readAllBytes();
            assertThat(shell.waitFor()).isZero();
            assertThat(new String(made, StandardCharsets.UTF_8)).isEqualTo(text + ".");
        }
    }
}
