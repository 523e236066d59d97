package dev.openppu.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project outside the reactor ({@code examples/consumer}) against the artifacts just built: compiled by a compiler of its own and run in a virtual machine of its own, on a
 * module path of what its pom asks for and nothing else.
 */
class ConsumerTest {
    private static final Path PROJECT = project();
    /** The driver, the model that its pom has at run time, and what these need. */
    private static final List<String> ARTIFACTS = List.of("driver", "hal-core", "hal-abi", "firmware-model", "register-compiler");
    private static final List<String> FOLDERS = List.of("driver", "hal/core", "hal/abi", "firmware-model", "tools/register-compiler");
    private static final List<String> LIBRARIES = List.of("jspecify", "antlr4-runtime", "jackson-core", "jackson-databind",
            "jackson-annotations",
            "javapoet");

    @TempDir
    Path folder;

    @Test
    void aProjectOutsideTheReactorBuildsAndRuns() throws Exception {
        Outcome build = compile(modulePath(), List.of());
        assertThat(build.status).as(build.text).isZero();
        Outcome run = run(tool("java"), "--enable-native-access=dev.openppu.hal", "--module-path",
                folder.resolve("classes") + File.pathSeparator + modulePath(),
                "--module", "com.example.vecadd/com.example.vecadd.Main");
        assertThat(run.status).as(run.text).isZero();
        assertThat(run.text).contains("ZW810E").contains("100000 sums").containsPattern("[1-9][0-9]* ns of device time");
    }

    @Test
    void aBrokenApiIsNamed() throws Exception {
        Outcome build = compile(modulePath().replace(driver(), withoutLaunch().toString()), List.of());
        assertThat(build.status).isNotZero();
        assertThat(build.text).contains("Main.java").contains("error: cannot find symbol").contains("class Launch");
    }

    @Test
    void whatIsNotExportedIsNotForConsumers() throws Exception {
        Path peeks = folder.resolve("Peeks.java");
        Files.writeString(peeks, "package com.example.vecadd; class Peeks { dev.openppu.driver.client.CommandQueue queue; }");
        Outcome build = compile(modulePath(), List.of(peeks.toString()));
        assertThat(build.status).isNotZero();
        assertThat(build.text).contains("dev.openppu.driver.client").contains("not visible");
    }

    private Outcome compile(String modules, List<String> more) throws IOException, InterruptedException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> command = new ArrayList<>(
                List.of(tool("javac"), "--release", "25", "-d", classes.toString(), "--module-path", modules));
        command.addAll(more);
        try (Stream<Path> sources = Files.walk(PROJECT.resolve("src/main/java"))) {
            sources.filter(file -> file.toString().endsWith(".java")).forEach(file -> command.add(file.toString()));
        }
        copy(PROJECT.resolve("src/main/resources"), classes, file -> true);
        return run(command.toArray(String[]::new));
    }

    private static void copy(Path from, Path to, Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = from.relativize(file).toString();
                if (wanted.test(name)) {
                    Path copy = to.resolve(name);
                    Files.createDirectories(copy.getParent());
                    Files.write(copy, Files.readAllBytes(file));
                }
            }
        }
    }

    /** The driver as a later version might be that has lost a class of its API. */
    private Path withoutLaunch() throws IOException {
        Path broken = folder.resolve("broken");
        Predicate<String> kept = name -> !name.startsWith("dev/openppu/driver/Launch");
        Path driver = Path.of(driver());
        if (Files.isDirectory(driver)) {
            copy(driver, broken, kept);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(driver)) {
                copy(jar.getPath("/"), broken, kept);
            }
        }
        return broken;
    }

    private static String driver() {
        return Stream.of(modulePath().split(File.pathSeparator))
                .filter(entry -> entry.matches(".*/driver-[0-9][^/]*\\.jar|.*/driver/target/(quick/)?classes/?")).findFirst().orElseThrow();
    }

    private record Outcome(int status, String text) {}

    private static Outcome run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("takes more than a minute: " + String.join(" ", command) + "\n" + text);
        }
        return new Outcome(process.exitValue(), text);
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** From this test's class path: jars of the reactor, or the folders of their classes where it has not packaged yet. */
    private static String modulePath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(all.split(File.pathSeparator)).filter(ConsumerTest::wanted).collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean wanted(String entry) {
        String path = entry.replace(File.separatorChar, '/');
        String file = path.substring(path.lastIndexOf('/') + 1);
        boolean library = LIBRARIES.stream().anyMatch(name -> file.matches(name + "-[0-9].*\\.jar"));
        boolean jar = ARTIFACTS.stream().anyMatch(name -> file.matches(name + "-[0-9].*\\.jar"));
        boolean classes = FOLDERS.stream().anyMatch(name -> path.matches(".*/" + name + "/target/(quick/)?classes/?"));
        return library || jar || classes;
    }

    private static Path project() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("examples/consumer/pom.xml"))) {
            here = here.getParent();
        }
        return here.resolve("examples/consumer");
    }
}
