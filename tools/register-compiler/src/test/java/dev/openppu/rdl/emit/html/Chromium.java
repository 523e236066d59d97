package dev.openppu.rdl.emit.html;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The browser of the tests, without a window. */
final class Chromium {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
    private static final List<String> FLAGS = List.of("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
            "--enable-logging=stderr", "--allow-file-access-from-files");

    private final Path program;
    private final Path folder;

    /** What a run printed. */
    record Output(String out, String err) {

        /** What pages complained of on the console; that a frame without scripts has none is no complaint. */
        List<String> complaints() {
            return err.lines().filter(line -> line.contains(":CONSOLE") && !line.contains("document's frame is sandboxed")).toList();
        }
    }

    /** @param folder for the profile and what is printed */
    Chromium(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /** The first browser on the path. */
    static Optional<Path> find() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name))).filter(Files::isExecutable).findFirst();
    }

    /** Runs it to its end, on a fresh profile. */
    Output run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(FLAGS);
        command.add("--user-data-dir=" + Files.createTempDirectory(folder, "profile"));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the browser did not end within 60 s: " + Files.readString(err));
            }
        } finally {
            process.destroyForcibly();
        }
        return new Output(Files.readString(out), Files.readString(err));
    }
}
