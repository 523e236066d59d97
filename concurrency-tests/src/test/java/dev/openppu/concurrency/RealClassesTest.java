package dev.openppu.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.concurrency.FencePlant.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * What threads hand over to each other without a lock. Of the real classes nothing that is forbidden is ever seen; of those from which a fence was taken it is. {@code stress.extent} is {@code sample}
 * or {@code all}; {@code stress.only} and {@code stress.tests} are patterns of planted bugs and of tests of the real classes.
 */
class RealClassesTest {
    private static final Path FOLDER = Path.of(System.getProperty("stress.folder", "target/jcstress")).toAbsolutePath();
    private static final boolean ALL = "all".equals(System.getProperty("stress.extent"));
    /** Of all planted bugs, those of these names. */
    private static final String ONLY = System.getProperty("stress.only", ".*");
    /** Of all tests, those whose names have this; all if it is empty. */
    private static final String TESTS = System.getProperty("stress.tests", "");
    private static final int MOST_GOES = 3;
    private static final List<String> SAMPLE_TESTS = List.of("dev.openppu.driver.client.RingStress.Publication",
            "dev.openppu.driver.client.RingStress.RingingLeftToParker");
    private static final List<String> SAMPLE_PLANTS = List.of("reply-told-first");
    /** Where stores are seen in their order. */
    private static final boolean STRONG_ORDER = System.getProperty("os.arch").matches("amd64|x86_64");

    @Test
    void nothingForbiddenIsSeen() throws IOException, InterruptedException {
        StressRun run = new StressRun(emptied(FOLDER.resolve("real")));
        List<TestResult> results = ALL
                ? run.compiledAllWays().options("-t", TESTS).options("-f", "1", "-fsm", "1", "-iters", "3", "-time", "500").results(60)
                : run.compiledBy(StressRun.C2).tests(SAMPLE_TESTS).options("-f", "1", "-fsm", "1", "-iters", "1", "-time", "1000")
                        .results(3);
        assertThat(results).hasSizeGreaterThanOrEqualTo(!ALL ? SAMPLE_TESTS.size() : TESTS.isEmpty() ? 100 : 1);
        assertThat(results).flatExtracting(StressRun::failures).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> aMissingFenceIsSeen() {
        return PlantedFences.ALL.stream().filter(plant -> plant.shows() == Shows.EVERYWHERE || ALL && !STRONG_ORDER)
                .filter(plant -> ALL ? plant.name().matches(ONLY) : SAMPLE_PLANTS.contains(plant.name()))
                .map(plant -> DynamicTest.dynamicTest(plant.name() + ": " + plant.standsFor(), () -> seen(plant)));
    }

    /** That they fit, at least: most are not run where a build only samples, and some cannot be seen on this machine. */
    @TestFactory
    Stream<DynamicTest> plantsFitTheirClasses() {
        return PlantedFences.ALL.stream().map(plant -> DynamicTest.dynamicTest(plant.name(),
                () -> plant.change().write(emptied(FOLDER.resolve("fit").resolve(plant.name())))));
    }

    /** What is rare, or depends on what the compiler draws for a process, gets more than one go. */
    private static void seen(FencePlant plant) throws IOException, InterruptedException {
        Path folder = FOLDER.resolve("planted").resolve(plant.name());
        boolean seen = false;
        for (int go = 0; go < MOST_GOES && !seen; go++) {
            seen = run(plant, emptied(folder)).stream().flatMap(result -> result.grading().gradingResults.values().stream())
                    .anyMatch(state -> state.expect == Expect.FORBIDDEN && state.count > 0);
        }
        assertThat(seen).as("%s: %s has to see it. %s", plant.name(), plant.test(), folder.resolve("report/index.html")).isTrue();
    }

    private static List<TestResult> run(FencePlant plant, Path folder) throws IOException, InterruptedException {
        Path classes = folder.resolve("classes");
        plant.change().write(classes);
        return new StressRun(folder).with(classes).tests(List.of(plant.test())).compiledBy(StressRun.C2)
                .options("-f", ALL ? "4" : "1", "-fsm", "1", "-iters", ALL ? "2" : "1", "-time", "1000", "-strideSize", "64",
                        "-strideCount", "10")
                .results(5);
    }

    private static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(folder);
    }
}
