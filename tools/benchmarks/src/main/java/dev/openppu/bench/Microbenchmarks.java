package dev.openppu.bench;

import java.io.PrintStream;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** The benchmarks that JMH runs, in processes of its own. */
final class Microbenchmarks {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final PrintStream err;

    Microbenchmarks(PrintStream err) {
        this.err = err;
    }

    /**
     * Runs those whose names the expression finds.
     *
     * @return the exit status
     */
    int run(String expression) {
        Options options = new OptionsBuilder().include(expression).shouldFailOnError(true).build();
        try {
            new Runner(options).run();
            return OK;
        } catch (NoBenchmarksException e) {
            err.println("ppu bench: no JMH benchmark's name matches '" + expression
                    + "'; --jmh . runs all, their classes are in dev.openppu.bench.jmh");
            return USAGE;
        } catch (PatternSyntaxException e) {
            err.println("ppu bench: '" + expression + "' is no regular expression: " + e.getDescription());
            return USAGE;
        } catch (RunnerException e) {
            err.println("ppu bench: JMH ended early: " + e.getMessage());
            return FAILED;
        }
    }
}
