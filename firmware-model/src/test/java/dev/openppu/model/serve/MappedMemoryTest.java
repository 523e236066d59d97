package dev.openppu.model.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.LinkUri;
import dev.openppu.hal.posix.file.PassedFile;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.PciRegion;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.server.ServerEvent;
import dev.openppu.hal.vfiouser.server.VfioUserServer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A served PPU whose BAR2 a client has mapped. */
@Timeout(120)
class MappedMemoryTest {
    private static final int BAR0 = 0;
    private static final int BAR2 = 2;
    private static final int BAR4 = 4;
    private static final long MIB = 1 << 20;
    private static final long WINDOW_BYTES = 256 * MIB;
    private static final long MEMORY_BYTES = 96L << 30;
    private static final long RESERVED_BYTES = 2 * MIB;
    /** memory.window */
    private static final long WINDOW = 0x408;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private final List<ServerEvent> events = new CopyOnWriteArrayList<>();
    private ServedModel model;
    private VfioUserServer server;

    @BeforeEach
    void serve() {
        model = ServedModel.open(LinkUri.parse("model:zw810e"));
        server = VfioUserServer.open(folder.resolve("ppu.sock"), model, events::add);
    }

    @AfterEach
    void end() {
        server.close();
        model.close();
        arena.close();
    }

    private RawClient client() {
        return ServedDevice.enabled(RawClient.greeted(folder.resolve("ppu.sock")));
    }

    private static RegionInfo info(RawClient client, int region) {
        return RegionInfo.decode(client.ask(Command.DEVICE_GET_REGION_INFO, RegionInfo.ask(4096, region)).payload());
    }

    private static void moveWindow(RawClient client, long to) {
        client.write(BAR0, WINDOW, 8, to, true);
        assertThat(client.read(BAR0, WINDOW, 8)).isEqualTo(to);
    }

    /** As libvfio-user's client asks, which has no room for descriptors then and ends over one. */
    @Test
    void whoAsksFirstHowMuchRoomTheAreasNeedGetsNoDescriptor() {
        try (RawClient client = client()) {
            RegionInfo first = RegionInfo
                    .decode(client.ask(Command.DEVICE_GET_REGION_INFO, RegionInfo.ask(RegionInfo.BYTES, BAR2)).payload());
            assertThat(first.argsz()).isGreaterThan(RegionInfo.BYTES);
            assertThat(client.passed().count()).isZero();
            info(client, BAR2);
            assertThat(client.passed().count()).isOne();
        }
    }

    @Test
    void theWindowAndTheDoorbellsAreOfferedAndNothingElse() {
        try (RawClient client = client()) {
            assertThat(info(client, BAR0).flags() & RegionInfo.MMAP).isZero();
            assertThat(info(client, PciRegion.CONFIG).flags() & RegionInfo.MMAP).isZero();
            assertThat(info(client, BAR2).areas()).containsExactly(new RegionInfo.Area(0, WINDOW_BYTES));
            assertThat(info(client, BAR4).areas()).as("a page a queue, and not the MSI-X table at 0x80000")
                    .containsExactly(new RegionInfo.Area(0, 64 * 4096));
            for (int bar : new int[]{BAR2, BAR4}) {
                assertThat(info(client, bar).flags()).isEqualTo(RegionInfo.READ | RegionInfo.WRITE | RegionInfo.MMAP
                        | RegionInfo.CAPABILITIES);
                assertThat(new PassedFile(client.passed().take(0)).cannotShrink()).isTrue();
            }
        }
    }

    @Test
    void storesAndMessagesMeetInTheSameMemory() {
        try (RawClient client = client()) {
            MemorySegment memory = client.map(BAR2, arena);
            memory.set(LONG, 0x1000, 810);
            memory.set(LONG, WINDOW_BYTES - 8, 811);
            assertThat(client.read(BAR2, 0x1000, 8)).isEqualTo(810);
            assertThat(client.read(BAR2, WINDOW_BYTES - 8, 8)).isEqualTo(811);
            client.write(BAR2, 0x2000, 8, 812, false);
            assertThat(memory.get(LONG, 0x2000)).isEqualTo(812);
            assertThat(client.read(BAR2, 0x5000, 8)).isZero();
        }
    }

    @Test
    void theMappingFollowsTheWindow() {
        try (RawClient client = client()) {
            MemorySegment memory = client.map(BAR2, arena);
            memory.set(LONG, 0x1000, 1);
            memory.set(LONG, 0x20000, 2);
            moveWindow(client, 1L << 30);
            assertThat(memory.get(LONG, 0x1000)).isZero();
            assertThat(client.read(BAR2, 0x1000, 8)).isZero();
            memory.set(LONG, 0x1000, 3);
            moveWindow(client, 0x10000);
            assertThat(memory.get(LONG, 0x10000)).as("a window that overlaps the first").isEqualTo(2);
            memory.set(LONG, 0x10000, 4);
            moveWindow(client, 0);
            assertThat(memory.get(LONG, 0x1000)).isEqualTo(1);
            assertThat(client.read(BAR2, 0x20000, 8)).isEqualTo(4);
            moveWindow(client, 1L << 30);
            assertThat(memory.get(LONG, 0x1000)).isEqualTo(3);
            assertThat(client.read(BAR2, 0x1000, 8)).isEqualTo(3);
        }
    }

    @Test
    void aResetPutsTheWindowBackAndKeepsTheMemory() {
        try (RawClient client = client()) {
            MemorySegment memory = client.map(BAR2, arena);
            memory.set(LONG, 0x1000, 1);
            moveWindow(client, 1L << 30);
            memory.set(LONG, 0x1000, 2);
            assertThat(client.ask(Command.DEVICE_RESET, null).errno()).isZero();
            assertThat(memory.get(LONG, 0x1000)).isEqualTo(1);
            ServedDevice.enabled(client);
            moveWindow(client, 1L << 30);
            assertThat(memory.get(LONG, 0x1000)).isEqualTo(2);
        }
    }

    /** Nobody can take a page out of a mapping: what must not be written is not there, but a copy. */
    @Test
    void neitherTheFirmwaresPagesNorWhatIsBehindTheMemoryCanBeWritten() {
        try (RawClient client = client()) {
            MemorySegment memory = client.map(BAR2, arena);
            moveWindow(client, MEMORY_BYTES - 64 * MIB);
            long reserved = 64 * MIB - RESERVED_BYTES;
            memory.set(LONG, reserved - 8, 1);
            memory.set(LONG, reserved, 2);
            assertThat(client.read(BAR2, reserved - 8, 8)).isEqualTo(1);
            assertThat(client.read(BAR2, reserved, 8)).isZero();
            assertThat(memory.get(LONG, 64 * MIB)).isEqualTo(-1);
            assertThat(memory.get(LONG, WINDOW_BYTES - 8)).isEqualTo(-1);
            memory.set(LONG, 64 * MIB, 3);
            assertThat(client.read(BAR2, 64 * MIB, 8)).isEqualTo(-1);
            moveWindow(client, 0);
            moveWindow(client, MEMORY_BYTES - 64 * MIB);
            assertThat(memory.get(LONG, reserved - 8)).isEqualTo(1);
            assertThat(memory.get(LONG, reserved)).isZero();
            assertThat(memory.get(LONG, 64 * MIB)).isEqualTo(-1);
        }
    }

    @Test
    void whoHasGoneNeitherSeesNorReachesWhatTheNextOneHas() {
        MemorySegment old;
        MemorySegment oldDoorbells;
        try (RawClient first = client()) {
            old = first.map(BAR2, arena);
            oldDoorbells = first.map(BAR4, arena);
            old.set(LONG, 0x1000, 1);
            moveWindow(first, 1L << 30);
            old.set(LONG, 0x1000, 2);
        }
        ServedDevice.await("its end", () -> events.stream().anyMatch(ServerEvent.Left.class::isInstance));
        try (RawClient next = client()) {
            MemorySegment fresh = next.map(BAR2, arena);
            assertThat(fresh.get(LONG, 0x1000)).isZero();
            assertThat(next.read(BAR2, 0x1000, 8)).isZero();
            moveWindow(next, 1L << 30);
            assertThat(fresh.get(LONG, 0x1000)).isZero();
            fresh.set(LONG, 0x3000, 3);
            old.set(LONG, 0x4000, 4);
            oldDoorbells.set(LONG, 0, 5);
            assertThat(old.get(LONG, 0x3000)).isZero();
            assertThat(next.read(BAR2, 0x4000, 8)).isZero();
            assertThat(fresh.get(LONG, 0x4000)).isZero();
            assertThat(next.map(BAR4, arena).get(LONG, 0)).isEqualTo(DoorbellStores.TAKEN);
        }
    }

    /** Decoding is the client's own to keep: the server cannot take a mapping away. By messages there is nothing. */
    @Test
    void doorbellsGoNowhereWhileTheFunctionDoesNotDecode() {
        try (RawClient client = RawClient.greeted(folder.resolve("ppu.sock"))) {
            MemorySegment memory = client.map(BAR2, arena);
            memory.set(LONG, 0, 1);
            client.map(BAR4, arena).set(LONG, 0, 1);
            assertThat(client.read(BAR2, 0, 8)).isEqualTo(-1);
            ServedDevice.enabled(client);
            assertThat(client.read(BAR2, 0, 8)).isEqualTo(1);
        }
    }
}
