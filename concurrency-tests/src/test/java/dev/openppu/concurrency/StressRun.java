package dev.openppu.concurrency;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/** One run of jcstress, in a process of its own, with a page of its results. */
final class StressRun {
    /** No more than one way to compile, the one that moves most: the optimising compiler, told to draw what it may order as it likes. */
    static final String C2 = "-XX:-TieredCompilation -XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM -XX:+StressIGVN";

    private static final String FORKS = "--enable-native-access=ALL-UNNAMED -XX:-RestrictContended";

    private final Path folder;
    private final List<String> classPath = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();

    /** @param folder what is there is deleted; {@code report/index.html} is the page */
    StressRun(Path folder) {
        this.folder = folder;
    }

    /** Classes that come before the real ones. */
    StressRun with(Path classes) {
        classPath.add(classes.toString());
        return this;
    }

    /** Tests by their names, nested classes behind a dot. */
    StressRun tests(Collection<String> names) {
        arguments.addAll(List.of("-t", "^(" + String.join("|", names).replace(".", "\\.") + ")$"));
        return this;
    }

    /** Options of jcstress. */
    StressRun options(String... options) {
        arguments.addAll(List.of(options));
        return this;
    }

    /** One way to compile. */
    StressRun compiledBy(String flags) {
        return options("-sc", "false", "-jvmArgs", FORKS + " " + flags);
    }

    /** All ways to compile that jcstress knows: interpreter and both compilers, for each thread apart. */
    StressRun compiledAllWays() {
        return options("-jvmArgsPrepend", FORKS);
    }

    /**
     * Runs it.
     *
     * @return a result for each test and way to compile
     * @throws IllegalStateException if it takes longer than so many minutes, or has no results
     */
    List<TestResult> results(int minutes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        classPath.add(System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", String.join(File.pathSeparator, classPath), "org.openjdk.jcstress.Main"));
        command.addAll(List.of("-v", "-af", "NONE", "-r", "report"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile()).start();
        try {
            if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
                throw new IllegalStateException("jcstress has not ended in " + minutes + " minutes: " + folder.resolve("output.txt"));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return read();
    }

    private List<TestResult> read() throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.filter(path -> path.getFileName().toString().startsWith("jcstress-results-")).max(Path::compareTo)
                    .orElseThrow(() -> new IllegalStateException("jcstress has not run: " + folder.resolve("output.txt")));
        }
        InProcessCollector results = new InProcessCollector();
        DiskReadCollector reader = new DiskReadCollector(file.toString(), results);
        try {
            reader.dump();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(file + " is not of this version of jcstress", e);
        } finally {
            reader.close();
        }
        return List.copyOf(results.getTestResults());
    }

    /** What is wrong with a result, one line each; a test that has thrown, or whose process has died, has shown nothing. */
    static List<String> failures(TestResult result) {
        List<String> all = new ArrayList<>();
        if (result.status() != Status.NORMAL) {
            all.add(result.getName() + " " + result.getConfig().jvmArgs + ": " + result.status() + " " + result.getMessages());
        }
        for (String failure : result.grading().failureMessages) {
            all.add(result.getName() + " " + result.getConfig().jvmArgs + ": " + failure);
        }
        return all;
    }
}
