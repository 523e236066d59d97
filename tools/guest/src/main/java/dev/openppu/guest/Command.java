package dev.openppu.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the host's that is run to its end in a folder, or killed when its time is over. */
record Command(List<String> words, Path folder, Duration timeout) {

    static Command of(Duration timeout, String... words) {
        return new Command(List.of(words), Path.of(""), timeout);
    }

    /** What it printed, and how it ended. */
    record Outcome(int status, String text) {
        /** The last line that says something. */
        String lastLine() {
            return text.lines().filter(line -> !line.isBlank()).reduce((before, after) -> after).orElse("no output");
        }
    }

    /** Runs it; its output goes through a file, so that nothing it starts can hold us up. */
    Outcome run() throws GuestUnavailableException {
        try {
            Path output = Files.createTempFile("openppu-guest", ".log");
            try {
                return run(output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new GuestUnavailableException("cannot run %s: %s".formatted(words.getFirst(), e.getMessage()));
        }
    }

    private Outcome run(Path output) throws IOException, GuestUnavailableException {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.directory(folder.toAbsolutePath().toFile()).environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        int status = await(process);
        return new Outcome(status, Files.readString(output, StandardCharsets.ISO_8859_1));
    }

    private int await(Process process) throws GuestUnavailableException {
        try {
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        throw new GuestUnavailableException("%s did not end within %d s".formatted(words.getFirst(), timeout.toSeconds()));
    }

    /** Runs it; a status other than 0 is a reason to have no guest. */
    Outcome succeed() throws GuestUnavailableException {
        Outcome outcome = run();
        if (outcome.status != 0) {
            throw new GuestUnavailableException(
                    "%s ended with status %d: %s".formatted(words.getFirst(), outcome.status, outcome.lastLine()));
        }
        return outcome;
    }
}
