package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.openppu.rdl.source.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no text, have no end, or go on and on: one message, at once. */
@Timeout(60)
class HostileFileTest {

    @TempDir
    private Path folder;

    private static List<Diagnostic> diagnostics(Path file) {
        return new RdlCompiler().add(file).compile().diagnostics();
    }

    private static String message(Path file) {
        assertThat(diagnostics(file)).hasSize(1);
        return diagnostics(file).getFirst().toString();
    }

    @Test
    void pipesDevicesAndFoldersAreRefused() throws Exception {
        Path pipe = folder.resolve("pipe.rdl");
        assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        assertThat(message(pipe)).contains("it is no file, but a pipe or a device");
        assertThat(message(folder)).contains("it is a folder");
        assertThat(message(Path.of("/dev/zero"))).contains("it is no file, but a pipe or a device");
        assertThat(message(folder.resolve("none.rdl"))).contains("there is no such file");
        Path including = Files.writeString(folder.resolve("in.rdl"), "`include \"pipe.rdl\"\n");
        assertThat(message(including)).contains("there is no file 'pipe.rdl'");
    }

    @Test
    void binaryFilesAreRefused() throws IOException {
        byte[] bytes = new byte[4096];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        assertThat(message(Files.write(folder.resolve("binary.rdl"), bytes))).endsWith("this file is not text");
    }

    @Test
    void oldEncodingsAreRead() throws IOException {
        byte[] latin = "addrmap top { name = \"W\u00e4rme\"; reg { field {} a; } x; };"
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(diagnostics(Files.write(folder.resolve("latin.rdl"), latin))).isEmpty();
    }

    @Test
    void longLinesAreShownCut() {
        String spaces = " ".repeat(50_000_000);
        List<Diagnostic> found = new RdlCompiler().add("long.rdl", "addrmap top {" + spaces + "oops" + spaces + "};").compile()
                .diagnostics();
        assertThat(found).isNotEmpty().hasSizeLessThan(5);
        assertThat(found).allSatisfy(diagnostic -> assertThat(diagnostic.render().length()).isLessThan(1500));
    }

    @Test
    void caretsStandUnderWhatIsMeantInLongLines() {
        String line = "addrmap top { reg { field {} a; } x; " + "/* far */ ".repeat(100) + "oops y; " + "/* on */ ".repeat(100) + "};";
        String[] shown = new RdlCompiler().add("long.rdl", line).compile().diagnostics().getFirst().render().split("\n", -1);
        assertThat(shown[1]).hasSizeLessThan(260).startsWith("  \u2026").endsWith("\u2026");
        assertThat(shown[1].substring(shown[2].indexOf('^'), shown[2].lastIndexOf('^') + 1)).isEqualTo("oops");
    }

    @Test
    void caretsStandUnderWhatIsMeantAfterWideCharactersAndTabs() {
        String line = "addrmap top {\tname = \"\u5bc4\u5b58\u5668\"; oops y; };";
        String[] shown = new RdlCompiler().add("wide.rdl", line).compile().diagnostics().getFirst().render().split("\n", -1);
        assertThat(shown[2])
                .isEqualTo("  " + " ".repeat("addrmap top {".length()) + "\t" + " ".repeat("name = \"\"; ".length() + 6) + "^^^^");
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        assertThat(new RdlCompiler().add("esc.rdl", "oops \u001b[2J\u0007;").compile().diagnostics().getFirst().render())
                .doesNotContain("\u001b", "\u0007");
    }

    @Test
    void inclusionsEnd() throws IOException {
        Path self = Files.writeString(folder.resolve("self.rdl"), "`include \"self.rdl\"\n`include \"self.rdl\"\n");
        assertThat(message(self)).contains("they probably include themselves");
        for (int i = 0; i < 40; i++) {
            Files.writeString(folder.resolve("d" + i + ".rdl"), ("`include \"d" + (i + 1) + ".rdl\"\n").repeat(2));
        }
        Files.writeString(folder.resolve("d40.rdl"), "\n");
        assertThat(message(folder.resolve("d0.rdl"))).contains("more than 100000 files are included");
    }

    @Test
    void macrosThatDoubleEndSoon() {
        String doubling = IntStream.range(0, 60).mapToObj(i -> "`define M" + (i + 1) + " `M" + i + " `M" + i)
                .collect(Collectors.joining("\n"));
        assertThat(Rdl.messages("`define M0 reg\n" + doubling + "\n`M60\n")).singleElement().asString()
                .contains("this macro expands without end");
    }
}
