package dev.openppu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.Links;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code ppu serve}: what it refuses, and what it does until it is told to end. */
@Timeout(120)
class ServeCommandTest {
    private static final String DEVICE = "model:zw810e";

    @TempDir
    Path folder;

    private static void assertRefused(Shell shell, String... says) {
        assertThat(shell.status()).as(shell.err()).isEqualTo(2);
        assertThat(shell.err()).contains(says);
        assertThat(shell.err().lines().filter(line -> !line.startsWith("Try "))).as(shell.err()).hasSize(1);
        assertThat(shell.out()).isEmpty();
    }

    private Shell serve(Path socket) {
        return Shell.run("serve", "--socket", socket.toString(), "--device", DEVICE);
    }

    @Test
    void aSocketHasToBeNamed() {
        assertRefused(Shell.run("serve"), "--socket");
    }

    @ParameterizedTest
    @CsvSource({"vfio-user:/tmp/x, only model", "model:zw811, zw811", "model:zw810e?clock=sim, simulated",
        "model:zw810e?colour=red, colour"})
    void aDeviceThatCannotBeServedIsRefusedByName(String device, String says) {
        assertRefused(Shell.run("serve", "--socket", folder.resolve("s").toString(), "--device", device), says);
        assertThat(folder.resolve("s")).doesNotExist();
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertRefused(Shell.run("serve", "--socket", folder.resolve("s").toString(), "--port", "7"), "--port");
    }

    @Test
    void aPathThatIsTooLongForASocket() {
        assertRefused(serve(folder.resolve("x".repeat(120))), "cannot listen at", "107");
    }

    @Test
    void aPathThatIsEmpty() {
        assertRefused(Shell.run("serve", "--socket", "", "--device", DEVICE), "cannot listen at", "0 bytes");
    }

    @Test
    void aPathInAFolderThatIsNotThere() {
        assertRefused(serve(folder.resolve("nowhere").resolve("s")), "cannot listen at", "nowhere'): the socket's folder; make it",
                "ENOENT");
    }

    @Test
    void aPathInWhatIsNoFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertRefused(serve(file.resolve("s")), "cannot listen at", "file'): the socket's folder; make it", "ENOTDIR");
    }

    /** In sysfs nobody makes anything, not even root. */
    @Test
    void aPathThatNobodyMayWriteTo() {
        assertRefused(serve(Path.of("/sys/ppu.sock")), "cannot listen at",
                "no socket can be made in the folder '/sys'; choose another path");
    }

    @Test
    void aFolderAndAFileAreLeftAlone() throws IOException {
        assertRefused(serve(folder), "cannot listen at", "no socket");
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertRefused(serve(file), "cannot listen at", "no socket", "choose another path");
        assertThat(file).content().isEqualTo("text");
    }

    @Test
    void aSocketThatIsOccupiedIsLeftAlone() throws IOException {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));
            assertRefused(serve(socket), "another process listens there", "choose another path");
            assertThat(socket).exists();
        }
    }

    /** A socket that nobody listens at any more is replaced; clients come and go; SIGTERM ends it and removes the socket. */
    @Test
    void eventsAreLinesOfJsonAndSigtermRemovesTheSocket() throws Exception {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).as("left behind").exists();
        Process server = start("serve", "--socket", socket.toString(), "--device", DEVICE, "--json");
        try (BufferedReader events = server.inputReader()) {
            JsonNode ready = Shell.json(events.readLine());
            assertThat(ready.get("event").asString()).isEqualTo("ready");
            assertThat(ready.get("device").asString()).isEqualTo(DEVICE);
            assertThat(ready.get("socket").asString()).isEqualTo(socket.toString());
            try (DeviceLink link = Links.open("vfio-user:" + socket)) {
                assertThat(link.config().read32(0)).isEqualTo(0x60011ded);
            }
            JsonNode connected = Shell.json(events.readLine());
            assertThat(connected.get("event").asString()).isEqualTo("connected");
            assertThat(connected.get("client").asInt()).isEqualTo(1);
            assertThat(connected.has("reason")).isFalse();
            JsonNode left = Shell.json(events.readLine());
            assertThat(left.get("event").asString()).isEqualTo("left");
            assertThat(left.get("client").asInt()).isEqualTo(1);
            assertThat(left.get("reason").asString()).isNotEmpty();
            server.toHandle().destroy();
            assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).as("as SIGTERM ends a process").isEqualTo(143);
            assertThat(events.readLine()).isNull();
            assertThat(socket).doesNotExist();
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    @Test
    void withoutJsonALineSaysThatItIsReady() throws Exception {
        Path socket = folder.resolve("s");
        Process server = start("serve", "--socket", socket.toString(), "--device", DEVICE);
        try (BufferedReader out = server.inputReader()) {
            assertThat(out.readLine()).isEqualTo("ready: %s at %s; Ctrl-C ends it".formatted(DEVICE, socket));
            assertThat(Shell.run("serve", "--socket", socket.toString(), "--device", DEVICE).err()).contains("another process listens");
        } finally {
            server.toHandle().destroy();
            assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(socket).doesNotExist();
        try (DeviceLink link = Links.open("vfio-user:" + socket)) {
            throw new AssertionError("somebody serves " + link.identity());
        } catch (LinkException e) {
            assertThat(e).hasMessageContaining("ppu serve --socket");
        }
    }

    /** A ppu of its own. */
    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-Xmx1g", "--enable-native-access=dev.openppu.hal", "--module-path", System.getProperty(
                        "jdk.module.path"),
                "--module", "dev.openppu.cli/dev.openppu.cli.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }
}
