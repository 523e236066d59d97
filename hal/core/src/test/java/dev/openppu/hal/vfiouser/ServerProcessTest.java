package dev.openppu.hal.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.Links;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.PciRegister;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server in a process of its own, which is killed or stopped: within a second every waiter ends, and another one can be attached to. */
@Timeout(120)
class ServerProcessTest {
    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1000);
    private Process server;

    private void serve(Path socket) throws IOException {
        String classes = Stream.of(ScriptedServer.class, DeviceLink.class, Assertions.class, NullMarked.class).map(ServerProcessTest::place)
                .collect(Collectors.joining(File.pathSeparator));
        server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", classes, ScriptedServer.class.getName(), socket.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertThat(server.inputReader().readLine()).isEqualTo("listening");
    }

    private static String place(Class<?> of) {
        try {
            return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start().waitFor()).isZero();
    }

    @AfterEach
    void end() throws InterruptedException {
        if (server != null) {
            server.destroyForcibly();
            server.waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "STOP"})
    void whoeverWaitsEndsWithinASecond(String how, @TempDir Path folder) throws IOException, InterruptedException {
        Path socket = folder.resolve("s");
        serve(socket);
        try (DeviceLink link = Links.open("vfio-user:" + socket)) {
            link.config().write16(PciRegister.Header.COMMAND, 6);
            Mmio registers = link.bar(0);
            Mmio memory = link.bar(2);
            DmaMapping mapping = link.dma().allocate(4096, DmaAccess.BOTH);
            link.interrupts().enable(1);
            AtomicLong end = new AtomicLong();
            AtomicLong readsEnd = new AtomicLong();
            List<Thread> waiting = List.of(Thread.ofPlatform().start(() -> {
                assertThatThrownBy(() -> link.runtime().await(() -> false, Long.MAX_VALUE)).isInstanceOf(LinkException.class);
                end.set(System.nanoTime());
            }), Thread.ofPlatform().start(() -> {
                while (registers.read32(0) != -1) {
                    memory.write32(0, 7);
                }
                readsEnd.set(System.nanoTime());
            }));
            Thread.sleep(300);
            long begin = System.nanoTime();
            signal(how);
            for (Thread thread : waiting) {
                thread.join();
            }
            assertThat(end.get() - begin).isBetween(0L, LIMIT_NANOS);
            assertThat(readsEnd.get() - begin).isBetween(0L, LIMIT_NANOS);
            assertThat(memory.read32(0)).isEqualTo(-1);
            assertThatThrownBy(() -> link.dma().allocate(4096, DmaAccess.BOTH)).isInstanceOf(ServerLostException.class)
                    .hasMessageContaining(how.equals("STOP") ? "is stopped" : "vfio-user:");
            mapping.close();
        }
        server.destroyForcibly().waitFor();
        serve(socket);
        try (DeviceLink link = Links.open("vfio-user:" + socket)) {
            assertThat(link.config().read32(0)).isEqualTo(0x11e81234);
        }
    }

    /** Nobody is there to notice that somebody waits: nothing is asked of the device. */
    @Test
    void aStoppedServerIsNoticedByAnIdleLink(@TempDir Path folder) throws IOException, InterruptedException {
        Path socket = folder.resolve("s");
        serve(socket);
        try (DeviceLink link = Links.open("vfio-user:" + socket)) {
            Thread.sleep(500);
            long begin = System.nanoTime();
            signal("STOP");
            assertThatThrownBy(() -> link.runtime().await(() -> false, Long.MAX_VALUE)).isInstanceOf(LinkException.class)
                    .hasMessageContaining("stopped");
            assertThat(System.nanoTime() - begin).isLessThan(LIMIT_NANOS);
        }
    }

    /** It goes on before anybody has given it up: nothing was lost, and what waited is answered. */
    @Test
    void aServerThatWasStoppedForAMomentIsTheSameAfterwards(@TempDir Path folder) throws IOException, InterruptedException {
        Path socket = folder.resolve("s");
        serve(socket);
        try (DeviceLink link = Links.open("vfio-user:" + socket)) {
            link.config().write16(PciRegister.Header.COMMAND, 6);
            Mmio registers = link.bar(0);
            registers.write32(0x100, 810);
            for (int round = 0; round < 5; round++) {
                signal("STOP");
                Thread resume = Thread.ofPlatform().start(() -> {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                    resume();
                });
                assertThat(registers.read32(0x100)).isEqualTo(810);
                resume.join();
            }
        }
    }

    private void resume() {
        try {
            signal("CONT");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** It goes on after it was given up: the link stays lost, and a new one works. */
    @Test
    void aServerThatGoesOnTooLateIsAttachedToAnew(@TempDir Path folder) throws IOException, InterruptedException {
        Path socket = folder.resolve("s");
        serve(socket);
        try (DeviceLink link = Links.open("vfio-user:" + socket)) {
            link.config().write16(PciRegister.Header.COMMAND, 6);
            Mmio registers = link.bar(0);
            signal("STOP");
            assertThatThrownBy(() -> link.runtime().await(() -> false, Long.MAX_VALUE)).isInstanceOf(LinkException.class);
            signal("CONT");
            Thread.sleep(300);
            assertThat(registers.read32(0x100)).isEqualTo(-1);
            assertThatThrownBy(() -> link.dma().allocate(4096, DmaAccess.BOTH)).isInstanceOf(ServerLostException.class);
        }
        try (DeviceLink link = Links.open("vfio-user:" + socket)) {
            assertThat(link.config().read32(0)).isEqualTo(0x11e81234);
        }
    }

    /** Each round a server is killed in the middle of reads and with memory mapped, and the next one attached to at the same path. */
    @Test
    void fiftyServersThatAreKilledLeaveNothing(@TempDir Path folder) throws IOException, InterruptedException {
        Path socket = folder.resolve("s");
        long descriptors = 0;
        long mappings = 0;
        int threads = 0;
        for (int round = 0; round < 50; round++) {
            serve(socket);
            try (DeviceLink link = Links.open("vfio-user:" + socket)) {
                link.config().write16(PciRegister.Header.COMMAND, 6);
                link.bar(2).write32(0, round);
                link.dma().allocate(1 << 16, DmaAccess.BOTH);
                link.interrupts().enable(2);
                Mmio registers = link.bar(0);
                assertThat(registers.read32(0)).isNotEqualTo(-1);
                server.destroyForcibly();
                while (registers.read32(0) != -1) {
                    Thread.onSpinWait();
                }
            }
            server.waitFor();
            if (round == 4) { // what is made once has been made
                descriptors = OwnDescriptors.count();
                mappings = mappings();
                threads = Thread.activeCount();
            }
        }
        assertThat(OwnDescriptors.awaitAtMost(descriptors)).isLessThanOrEqualTo(descriptors);
        assertThat(mappings()).isLessThanOrEqualTo(mappings);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
    }

    private static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("memfd:")).count();
        }
    }
}
