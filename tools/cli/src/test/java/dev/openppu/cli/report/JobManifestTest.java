package dev.openppu.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.command.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifest that is shipped: what stands in it, and that its very command lives every seed once, be a pod killed or not. */
class JobManifestTest {
    private static final Path DEPLOY = Path.of("../../deploy");
    private static final int SHARES = 2;
    private static final int SEEDS = 40;

    @TempDir
    private Path folder;

    @SuppressWarnings("unchecked")
    private static Map<String, Object> in(Object object, String... names) {
        Object found = object;
        for (String name : names) {
            found = ((Map<String, Object>) found).get(name);
        }
        return (Map<String, Object>) found;
    }

    private static Map<String, Object> job() throws IOException {
        Iterable<Object> documents = new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(DEPLOY.resolve("kubernetes/campaign.yaml")));
        return in(documents.iterator().next());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> container() throws IOException {
        return ((List<Map<String, Object>>) in(job(), "spec", "template", "spec").get("containers")).getFirst();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> environment() throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (Map<String, String> each : (List<Map<String, String>>) container().get("env")) {
            environment.put(each.get("name"), each.get("value"));
        }
        return environment;
    }

    @Test
    void theJobIsIndexedAndHasAsManySharesAsIndices() throws IOException {
        Map<String, Object> spec = in(job(), "spec");
        assertThat(job()).containsEntry("apiVersion", "batch/v1").containsEntry("kind", "Job");
        assertThat(spec).containsEntry("completionMode", "Indexed").containsKey("backoffLimitPerIndex");
        assertThat(environment().get("SHARES")).isEqualTo(String.valueOf(spec.get("completions")));
        assertThat(in(spec, "template", "spec")).as("a policy for failures of pods demands it").containsEntry("restartPolicy", "Never");
    }

    @Test
    @Timeout(120)
    void everySeedIsLivedOnceThoughAPodIsKilled() throws Exception {
        placeCommand();
        List<Process> pods = new ArrayList<>(List.of(pod(0), pod(1)));
        Path second = folder.resolve("results/shard-1.jsonl");
        awaitLives(second, 3, pods.get(1));
        pods.get(1).destroyForcibly().waitFor();
        Files.writeString(second, Files.readString(second) + "{\"type\":\"life\",\"seed\":");
        pods.set(1, pod(1));
        for (Process pod : pods) {
            assertThat(pod.waitFor(100, TimeUnit.SECONDS)).isTrue();
            assertThat(pod.exitValue()).isZero();
        }
        Shell merge = Shell.run("report", "merge", folder.resolve("results/shard-0.jsonl").toString(), second.toString());
        assertThat(merge.out()).contains("%d of %d seeds, 0 failed, 0 missing, 0 of several files".formatted(SEEDS, SEEDS));
        assertThat(merge.status()).isZero();
    }

    /** A ppu on the path, made of this very build. */
    private void placeCommand() throws IOException {
        Files.createDirectories(folder.resolve("results"));
        Path ppu = Files.createDirectories(folder.resolve("bin")).resolve("ppu");
        Files.writeString(ppu,
                "#!/bin/sh\nexec '%s/bin/java' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx1g --enable-native-access=dev.openppu.hal --module-path '%s' -m dev.openppu.cli/dev.openppu.cli.Main \"$@\"\n"
                        .formatted(System.getProperty("java.home"), System.getProperty("jdk.module.path")));
        Files.setPosixFilePermissions(ppu, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The manifest's command as it stands, in the manifest's environment but for the size of the campaign. */
    @SuppressWarnings("unchecked")
    private Process pod(int index) throws IOException {
        ProcessBuilder pod = new ProcessBuilder((List<String>) container().get("command"));
        pod.environment().putAll(environment());
        pod.environment()
                .putAll(Map.of("SEEDS", "1.." + SEEDS, "SHARES", String.valueOf(SHARES), "THREADS", "1", "WORKLOAD", "copies", "RESULTS",
                        folder.resolve("results").toString(), "JOB_COMPLETION_INDEX", String.valueOf(index), "PATH",
                        folder.resolve("bin") + ":" + System.getenv("PATH")));
        return pod.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void awaitLives(Path file, int lives, Process pod) throws Exception {
        while (!Files.exists(file) || Files.readAllLines(file).size() <= lives) {
            assertThat(pod.isAlive()).as("the pod goes on").isTrue();
            Thread.sleep(5);
        }
    }

    @Test
    void theRecipeNamesWhatIsThereAndNoImage() throws IOException {
        List<String> recipe = Files.readAllLines(DEPLOY.resolve("Containerfile"));
        assertThat(recipe.stream().filter(line -> line.startsWith("FROM "))).containsExactly("FROM ${BUILD} AS build", "FROM ${RUN}");
        assertThat(recipe).contains("COPY --chmod=755 deploy/ppu /usr/local/bin/ppu");
        Path stand = Files.createDirectories(folder.resolve("path")).resolve("java");
        Files.writeString(stand, "#!/bin/sh\necho \"$@\"\n");
        Files.setPosixFilePermissions(stand, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProcessBuilder ppu = new ProcessBuilder(DEPLOY.resolve("ppu").toString(), "sim", "--seeds", "1 2");
        ppu.environment().put("PATH", folder.resolve("path") + ":" + System.getenv("PATH"));
        String asked = new String(ppu.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(asked).contains("--module-path /opt/openppu/modules").contains("dev.openppu.cli/dev.openppu.cli.Main sim --seeds 1 2");
        assertThat(String.join("\n", recipe)).contains("/openppu/tools/cli/target/quick/modules /opt/openppu/modules");
    }
}
