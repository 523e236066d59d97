package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.model.AddressMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generator as a build runs it. */
class GenerateTest {

    @TempDir
    private Path folder;
    private Path source;
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    @BeforeEach
    void writeSource() throws IOException {
        source = Files.writeString(folder.resolve("chip.rdl"), "regfile unit { reg { field {} f; } x; }; addrmap chip { unit u; };");
    }

    private int run(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--package", "a.b", "--java", folder.resolve("java").toString(), "--maps",
                folder.resolve("maps").toString(), source.toString()));
        arguments.addAll(List.of(more));
        return Generate.run(arguments, new PrintStream(messages, true, StandardCharsets.UTF_8));
    }

    @Test
    void accessorsAndMapsAreWritten() throws IOException {
        assertThat(run()).isZero();
        try (var files = Files.list(folder.resolve("java/a/b"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("ChipRegs.java", "UnitRegs.java",
                    "package-info.java");
        }
        assertThat(folder.resolve("maps/chip.readable.txt")).exists();
        try (InputStream in = Files.newInputStream(folder.resolve("maps/chip.map.json"))) {
            assertThat(AddressMap.load(in)).isEqualTo(new RdlCompiler().add(source).compile().map("chip"));
        }
    }

    @Test
    void filesThatWouldNotChangeAreLeftAlone() throws IOException {
        run();
        Path file = folder.resolve("java/a/b/UnitRegs.java");
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, longAgo);
        run();
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(longAgo);
    }

    @Test
    void accessorsOfTypesThatAreGoneAreDeleted() throws IOException {
        run();
        Files.writeString(source, "regfile part { reg { field {} f; } x; }; addrmap chip { part u; };");
        run();
        assertThat(folder.resolve("java/a/b/UnitRegs.java")).doesNotExist();
        assertThat(folder.resolve("java/a/b/PartRegs.java")).exists();
    }

    @Test
    void refusedInputIsReportedAndWritesNothing() throws IOException {
        Files.writeString(source, "addrmap chip { };");
        assertThat(run()).isEqualTo(1);
        assertThat(messages.toString(StandardCharsets.UTF_8)).contains("chip.rdl:1:9: error: this addrmap is empty");
        assertThat(folder.resolve("java")).doesNotExist();
    }

    @Test
    void warningsAreErrorsWhereTheyAreWantedSo() throws IOException {
        Files.writeString(source, "addrmap chip { reg { field { sw = r; hw = na; } f; } x; };");
        assertThat(run()).isZero();
        assertThat(messages.toString(StandardCharsets.UTF_8)).contains("warning: ").contains("[constant-without-value]");
        assertThat(run("--werror")).isEqualTo(1);
        assertThat(run("--werror", "--no-warn", "constant-without-value")).isZero();
        Files.writeString(source, "addrmap chip { reg { field { } f; } x; };");
        assertThat(run("--werror")).isZero();
        assertThat(run("--werror", "--warn", "no-reset")).isEqualTo(1);
        assertThat(run("--warn", "colour")).isEqualTo(2);
        assertThat(messages.toString(StandardCharsets.UTF_8)).contains("there is no warning 'colour'; there are: constant-without-value, ");
    }

    @Test
    void mistakesInTheCommandAreExplained() throws IOException {
        assertThat(run("--view", "side")).isEqualTo(2);
        assertThat(messages.toString(StandardCharsets.UTF_8)).contains("--view is sw or hw, not 'side'");
        messages.reset();
        assertThat(run("--maps")).isEqualTo(2);
        assertThat(messages.toString(StandardCharsets.UTF_8)).contains("--maps needs a value");
        messages.reset();
        assertThat(run("--speed", "3")).isEqualTo(2);
        assertThat(messages.toString(StandardCharsets.UTF_8)).contains("there is no option --speed");
    }
}
