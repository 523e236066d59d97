package dev.openppu.cli.sim;

import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.planted.PlantedBug;
import dev.openppu.harness.sim.planted.Planting;
import dev.openppu.harness.sim.work.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A campaign in a JVM of its own, the same as this one but for a bug in one of its classes: lives until the first life fails.
 *
 * @param bug that is planted; none for driver and model as they are
 * @param lives at most, from seed 1 on
 * @param off an invariant that is switched off
 */
record Hunt(Optional<PlantedBug> bug, FaultProfile faults, Workload workload, long lives, Optional<Invariant> off) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MODULE = "dev.openppu.cli";

    /**
     * What came of it.
     *
     * @param seed of the life that failed, the last one lived; 0 if none has
     * @param invariant by its id, that was violated; null if none was
     * @param seen how
     */
    record Catch(long seed, @Nullable String invariant, @Nullable String seen, long nanos) {
        boolean found() {
            return invariant != null;
        }
    }

    /**
     * Lives. Takes as long as that.
     *
     * @throws IllegalStateException if the bug cannot be planted, or the campaign does not run
     */
    Catch run() throws IOException {
        long began = System.nanoTime();
        Path folder = Files.createTempDirectory("ppu-planted");
        try {
            if (bug.isPresent()) {
                new Planting(bug.get()).write(folder);
            }
            return live(folder, began);
        } finally {
            delete(folder);
        }
    }

    private Catch live(Path folder, long began) throws IOException {
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(command(folder)).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        try (BufferedReader lines = process.inputReader()) {
            JsonNode failure = null;
            JsonNode last = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = JSON.readTree(line);
                failure = failure == null && !last.path("passed").asBoolean(true) ? last : failure;
            }
            if (last == null || !last.path("type").asString().equals("summary")) {
                throw new IllegalStateException("the campaign with %s has ended without a result: %s".formatted(
                        bug.map(PlantedBug::name).orElse("no bug"), Files.readString(errors)));
            }
            long nanos = System.nanoTime() - began;
            return failure == null
                    ? new Catch(0, null, null, nanos)
                    : new Catch(failure.get("seed").asLong(), failure.get("invariant").asString(), failure.get("seen").asString(), nanos);
        } finally {
            process.destroyForcibly();
        }
    }

    private List<String> command(Path folder) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
                "-Xlog:cds=off", "-XX:+UseSerialGC", "--module-path", System.getProperty("jdk.module.path", ""),
                "--enable-native-access=dev.openppu.hal"));
        bug.ifPresent(planted -> command.addAll(List.of("--patch-module", planted.place().module() + "=" + folder)));
        command.addAll(List.of("-m", MODULE + "/dev.openppu.cli.Main", "sim", "--json", "--threads", "1", "--failures", "1", "--seeds",
                "1.." + lives, "--faults", faults.name(), "--workload", workload.name()));
        off.ifPresent(invariant -> command.addAll(List.of("--without", invariant.id())));
        return command;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
