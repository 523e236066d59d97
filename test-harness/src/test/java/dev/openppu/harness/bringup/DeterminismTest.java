package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run under the simulated clock is its seed. */
class DeterminismTest {
    private static final int SEED = 7;
    private static final int SEEDS = 10;

    @TempDir
    private Path directory;

    @Test
    void theSameSeedGivesTheSameTraceInJvmsWithOtherCollectorsHeapsAndDigits() throws Exception {
        Path serial = directory.resolve("serial.txt");
        Path parallel = directory.resolve("parallel.txt");
        Process first = fork(serial, "-XX:+UseSerialGC", "-Xmx256m");
        Process second = fork(parallel, "-XX:+UseParallelGC", "-Xms1g", "-Xmx2g", "-XX:TieredStopAtLevel=1", "-Duser.language=ar",
                "-Duser.country=EG", "-Duser.extensions=u-nu-arab");
        await(first);
        await(second);
        Path here = directory.resolve("here.txt");
        assertThat(run(SEED, here).good()).isTrue();
        assertThat(Files.size(serial)).as("a trace of every access").isGreaterThan(1_000_000);
        assertThat(firstDifference(serial, parallel)).as("serial collector, and parallel collector with Arabic digits").isEmpty();
        assertThat(firstDifference(serial, here)).as("another JVM and this one").isEmpty();
    }

    @Test
    void tenSeedsPassWithTenOrdersOfEvents() throws Exception {
        Set<String> orders = new HashSet<>();
        for (int seed = 100; seed < 100 + SEEDS; seed++) {
            Path trace = directory.resolve("seed-" + seed + ".txt");
            SuiteReport report = run(seed, trace);
            assertThat(report.failures()).as("seed %d", seed).isEmpty();
            assertThat(report.good()).isTrue();
            orders.add(order(trace));
            Files.delete(trace);
        }
        assertThat(orders).as("orders of events, times left out").hasSize(SEEDS);
    }

    private static SuiteReport run(int seed, Path trace) {
        return SuiteRunner.run(BringUpSuite.suite(), uri(seed, trace), SuiteListener.SILENT);
    }

    private static String uri(int seed, Path trace) {
        return "model:zw810e?clock=sim&seed=" + seed + "&trace=" + trace;
    }

    /** A digest of what happened in which order, without the times. */
    private static String order(Path trace) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (Stream<String> lines = Files.lines(trace)) {
            lines.forEach(line -> digest.update(line.substring(line.indexOf(' ')).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Empty if the files are the same, else the first lines that differ. */
    private static String firstDifference(Path expected, Path seen) {
        try {
            if (Files.mismatch(expected, seen) < 0) {
                return "";
            }
            List<String> a = Files.readAllLines(expected);
            List<String> b = Files.readAllLines(seen);
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!a.get(i).equals(b.get(i))) {
                    return "line " + (i + 1) + ": " + a.get(i) + " | " + b.get(i);
                }
            }
            return a.size() + " and " + b.size() + " lines";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process fork(Path trace, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        Path testClasses = Path.of(java.net.URI.create(RunOnce.class.getResource("RunOnce.class").toString())).getParent();
        for (int i = 0; i < RunOnce.class.getPackageName().split("\\.").length; i++) {
            testClasses = testClasses.getParent();
        }
        command.addAll(
                List.of("--enable-native-access=dev.openppu.hal", "--module-path", System.getProperty("jdk.module.path"), "--patch-module",
                        "dev.openppu.harness=" + testClasses, "--add-modules", "dev.openppu.model", "--module",
                        "dev.openppu.harness/" + RunOnce.class.getName(),
                        uri(SEED, trace)));
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(directory.resolve(trace.getFileName() + ".log").toFile()).start();
    }

    private void await(Process process) throws Exception {
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("the other JVM ends").isTrue();
        assertThat(process.exitValue()).as(() -> log()).isZero();
    }

    private String log() {
        try (Stream<Path> logs = Files.list(directory)) {
            StringBuilder text = new StringBuilder();
            for (Path log : logs.filter(p -> p.toString().endsWith(".log")).toList()) {
                text.append(Files.readString(log));
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
