package dev.openppu.bench.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process from its start to its end. */
public final class Launch {
    private Launch() {}

    /** The JVM of this process. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Milliseconds; what it prints goes nowhere. */
    public static double millis(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(Path.of("/dev/null").toFile());
        try {
            long start = System.nanoTime();
            Process process = builder.start();
            int status = process.waitFor();
            long nanos = System.nanoTime() - start;
            if (status != 0) {
                throw new IllegalStateException("%s ended with status %d".formatted(String.join(" ", command), status));
            }
            return 1e-6 * nanos;
        } catch (IOException e) {
            throw new IllegalStateException("cannot start " + command.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("a benchmark was interrupted", e);
        }
    }
}
