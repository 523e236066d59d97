package dev.openppu.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example drivers as somebody starts them who has not read on. */
class ExampleUsageTest {
    @ParameterizedTest
    @ValueSource(strings = {"edu", "nvme"})
    void withoutADeviceTheyNameOne(String example) throws Exception {
        String name = "com.example." + example;
        String modules = Guests.modules(name).stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-p", modules, "-m",
                name + "/" + name + ".Main").redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).startsWith("usage: ").contains("vfio:0000:")
                .hasLineCount(1);
        assertThat(process.waitFor()).isEqualTo(2);
    }
}
