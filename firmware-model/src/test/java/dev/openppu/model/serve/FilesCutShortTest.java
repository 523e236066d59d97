package dev.openppu.model.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.openppu.hal.LinkUri;
import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.file.SharedMemory;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.server.VfioUserServer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neither side of a live connection can cut short what the other has mapped: an access behind a file's end would be the end of the process. */
@Timeout(60)
class FilesCutShortTest {
    private static final long PAGE = 4096;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private ServedModel model;
    private VfioUserServer server;
    private RawClient client;

    @BeforeEach
    void serve() {
        model = ServedModel.open(LinkUri.parse("model:zw810e"));
        server = VfioUserServer.open(folder.resolve("ppu.sock"), model, event -> {});
        client = ServedDevice.enabled(RawClient.greeted(folder.resolve("ppu.sock")));
    }

    @AfterEach
    void end() {
        client.close();
        server.close();
        model.close();
        arena.close();
    }

    /** As ftruncate does, by whoever has the descriptor. */
    private static void truncate(int descriptor, long bytes) throws IOException {
        try (FileChannel file = FileChannel.open(Path.of("/proc/self/fd/" + descriptor), StandardOpenOption.WRITE)) {
            file.truncate(bytes);
        }
    }

    /** As ftruncate does, to make it longer. */
    private static void extend(int descriptor, long bytes) throws IOException {
        try (FileChannel file = FileChannel.open(Path.of("/proc/self/fd/" + descriptor), StandardOpenOption.WRITE)) {
            file.write(java.nio.ByteBuffer.wrap(new byte[1]), bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void aClientCannotCutABarShortUnderTheServer(int bar) throws IOException {
        RegionInfo info = RegionInfo.decode(client.ask(Command.DEVICE_GET_REGION_INFO, RegionInfo.ask(4096, bar)).payload());
        long bytes = info.areas().getFirst().size();
        try (Descriptor file = client.passed().take(0)) {
            for (long size : new long[]{0, PAGE, bytes - PAGE}) {
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> truncate(file.number(), size))
                        .withMessageContaining("not permitted");
            }
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> extend(file.number(), bytes));
        }
        MemorySegment memory = client.map(bar, arena);
        memory.set(LONG, bytes - 8, 810);
        assertThat(memory.get(LONG, bytes - 8)).isEqualTo(810);
        if (bar == 2) {
            assertThat(client.read(bar, bytes - 8, 8)).isEqualTo(810);
        }
    }

    /** What {@code dma().allocate} gives is of this kind: the server has its descriptor. */
    @Test
    void aServerCannotCutAClientsMemoryShort() throws IOException {
        try (SharedMemory memory = SharedMemory.create("openppu-test", 4 * PAGE)) {
            int descriptor = memory.descriptor().number();
            assertThat(client.ask(Command.DMA_MAP, new DmaMap(3, 0, 0x10_0000, 4 * PAGE), descriptor).errno()).isZero();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> truncate(descriptor, 0)).withMessageContaining("not permitted");
            memory.segment().set(LONG, 3 * PAGE, 810);
            assertThat(memory.segment().get(LONG, 3 * PAGE)).isEqualTo(810);
        }
    }

    /** A file on a disk cannot be sealed: the server reads and writes it by calls, so that what is missing is an error. */
    @Test
    void aFileThatCannotBeSealedIsServedAndCanBeCutShort() throws IOException {
        Path path = folder.resolve("memory");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file.write(java.nio.ByteBuffer.wrap(new byte[1]), 4 * PAGE - 1);
            int descriptor = HostileClientTest.number(path);
            assertThat(client.ask(Command.DMA_MAP, new DmaMap(3, 0, 0x10_0000, 4 * PAGE), descriptor).errno()).isZero();
            file.truncate(0);
            assertThat(client.read(7, 0, 4)).isEqualTo(0x6001_1dedL);
        }
    }
}
