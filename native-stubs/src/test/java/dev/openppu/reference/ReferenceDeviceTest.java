package dev.openppu.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests in C of the reference device: as they are, under the sanitizers that this machine's compiler has, and under valgrind where it is installed. */
class ReferenceDeviceTest {
    private static final Path BUILD = Path.of(System.getProperty("openppu.device.build", "target/device/build"));
    private static final long PATIENCE_SECONDS = 240;

    @TempDir
    Path folder;

    @BeforeAll
    static void needsTheLibrary() {
        ReferenceDevice.library().absence().ifPresent(why -> assumeTrue(false, why));
    }

    @Test
    void itKeepsWhatItsHeaderPromises() throws Exception {
        assertThat(run(BUILD.resolve("device_test").toString())).endsWith("0 failed\n");
    }

    @Test
    void theHeaderIsAlsoCxx() throws Exception {
        assertThat(run(BUILD.resolve("header_check").toString())).isEmpty();
    }

    @Test
    void itIsCleanUnderAddressAndUndefinedBehaviourSanitizer() throws Exception {
        runSanitized("device_test_address_undefined");
    }

    @Test
    void itIsCleanUnderThreadSanitizer() throws Exception {
        runSanitized("device_test_thread");
    }

    /** The command is CMake's: whatever the interface's users run by hand. */
    @Test
    void itIsCleanUnderValgrind() throws Exception {
        Process test = start(List.of("ctest", "--test-dir", BUILD.toString(), "--output-on-failure", "-R", "^valgrind$"));
        String text = finish(test);
        assumeTrue(!text.contains("No tests were found"), "valgrind is not installed");
        assertThat(test.exitValue()).as(text).isZero();
        assertThat(text).contains("100% tests passed");
    }

    @Test
    void itsLibraryExportsTheInterfaceAndNothingElse() throws Exception {
        Path library = ReferenceDevice.library().extract();
        try {
            List<String> exported = run("nm", "-D", "--defined-only", library.toString()).lines().map(line -> line.replaceAll(".* ", ""))
                    .toList();
            String header = Files.readString(Path.of("include/ppu_device.h"));
            assertThat(exported).isNotEmpty().allMatch(name -> header.contains(name + "("));
        } finally {
            Files.delete(library);
        }
    }

    /** Sanitizers are packages of their own on some systems, and not every kernel lets them run. */
    private void runSanitized(String name) throws IOException, InterruptedException {
        Process build = start(List.of("cmake", "--build", BUILD.toString(), "--target", name));
        String built = finish(build);
        assumeTrue(build.exitValue() == 0 || !built.contains("cannot find"), () -> "this compiler has no library for " + name);
        assertThat(build.exitValue()).as(built).isZero();
        Process test = start(List.of(BUILD.resolve(name).toString()));
        String text = finish(test);
        assumeTrue(!text.contains("unexpected memory mapping") && !text.contains("has encountered a fatal error"),
                () -> "this kernel does not let the sanitizer run: " + text);
        assertThat(test.exitValue()).as(text).isZero();
        assertThat(text).endsWith("0 failed\n");
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = start(List.of(command));
        String text = finish(process);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    private Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output(command)).start();
    }

    private File output(List<String> command) {
        return folder.resolve("output of " + Path.of(command.getLast()).getFileName()).toFile();
    }

    private String finish(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        process.waitFor();
        StringBuilder text = new StringBuilder();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                text.append(Files.readString(file, StandardCharsets.UTF_8));
                Files.delete(file);
            }
        }
        return text.toString();
    }
}
