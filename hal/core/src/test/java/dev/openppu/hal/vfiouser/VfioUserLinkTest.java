package dev.openppu.hal.vfiouser;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.HostMemory;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.RemoteDmaSpace.ByMessages;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.protocol.RegionInfo.Area;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The link to a server that keeps the protocol. */
@Timeout(60)
class VfioUserLinkTest {
    private static final long PAGE = HostMemory.pageSize();

    /** A link and the server at its other end. */
    private static final class Both implements AutoCloseable {
        private final ScriptedServer server;
        private final DeviceLink link;

        Both(Map<Command, ScriptedServer.Handler> script, boolean dmaByMessages) {
            UnixSocket.Pair pair = UnixSocket.pair();
            server = new ScriptedServer(pair.second(), script);
            link = new VfioUserLink(new VfioUserLink.Settings("vfio-user:test", 1, TimeUnit.SECONDS.toNanos(20),
                    dmaByMessages ? ByMessages.ALL : ByMessages.CALLERS, false),
                    pair.first());
            link.config().write16(PciRegister.Header.COMMAND,
                    PciRegister.Command.MEMORY_SPACE_ENABLE | PciRegister.Command.BUS_MASTER_ENABLE);
        }

        boolean await(BooleanSupplier condition) {
            return link.runtime().await(condition, link.runtime().deadline(TimeUnit.SECONDS.toNanos(20)));
        }

        @Override
        public void close() {
            link.close();
            server.close();
            assertThat(server.strange).isEmpty();
        }
    }

    private static Both open() {
        return new Both(Map.of(), false);
    }

    @Test
    void itIsOneFunctionWithItsBars() {
        try (Both both = open()) {
            assertThat(both.link.config().read32(0)).isEqualTo(0x11e81234);
            assertThat(both.link.config().size()).isEqualTo(256);
            assertThat(both.link.bars()).extracting(DeviceLink.Bar::index).containsExactly(0, 2);
            assertThat(both.link.bars()).extracting(DeviceLink.Bar::size).containsExactly(4096L, 65536L);
            assertThat(both.link.interrupts().vectors()).isEqualTo(ScriptedServer.VECTORS);
            assertThat(both.link.resets()).containsExactly(ResetKind.FUNCTION_LEVEL);
            both.link.reset(ResetKind.FUNCTION_LEVEL);
            assertThat(both.server.resets).hasValue(1);
            assertThatThrownBy(() -> both.link.reset(ResetKind.COLD)).isInstanceOf(LinkException.class).hasMessageContaining("COLD");
            assertThatThrownBy(() -> both.link.bar(1)).isInstanceOf(LinkException.class).hasMessageContaining("BAR1");
            assertThatThrownBy(() -> both.link.config().read32(256)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void registersGoByMessagesInEveryWidth() {
        try (Both both = open()) {
            Mmio bar = both.link.bar(0);
            assertThat(bar).isInstanceOf(TrappedMmio.class);
            bar.write64(0x100, 0x8877665544332211L);
            assertThat(bar.read8(0x107)).isEqualTo((byte) 0x88);
            assertThat(bar.read16(0x102)).isEqualTo((short) 0x4433);
            assertThat(bar.read32(0x104)).isEqualTo(0x88776655);
            bar.write8(0x100, (byte) -1);
            assertThat(bar.read64(0x100)).isEqualTo(0x88776655443322ffL);
            byte[] bytes = new byte[1000];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) i;
            }
            bar.writeBytes(3, MemorySegment.ofArray(bytes));
            byte[] back = new byte[1000];
            bar.readBytes(3, MemorySegment.ofArray(back));
            assertThat(back).isEqualTo(bytes);
        }
    }

    @Test
    void aBarThatTheServerSharesIsMapped() {
        try (Both both = open()) {
            Mmio bar = both.link.bar(2);
            assertThat(bar).isInstanceOf(MappedMmio.class);
            bar.write32(4096, 810);
            assertThat(both.server.memory.segment().get(JAVA_INT, 4096)).isEqualTo(810);
        }
    }

    /** Its file could become shorter than the mapping: a load behind the end would end this process. */
    @Test
    void aBarWhoseFileCouldBeCutShortGoesByMessages(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("bar2");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(ScriptedServer.BAR2_BYTES);
            int number = descriptorOf(path);
            try (Both both = new Both(Map.of(Command.DEVICE_GET_REGION_INFO, (server, header, payload,
                    passed) -> region(server, header, payload, List.of(), number)), false)) {
                Mmio bar = both.link.bar(2);
                assertThat(bar).isInstanceOf(TrappedMmio.class);
                bar.write32(4096, 811);
                assertThat(bar.read32(4096)).isEqualTo(811);
                file.setLength(0);
                assertThat(bar.read32(4096)).isEqualTo(811);
            }
        }
    }

    private static int descriptorOf(Path path) throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.filter(entry -> {
                try {
                    return Files.readSymbolicLink(entry).equals(path.toRealPath());
                } catch (IOException e) {
                    return false;
                }
            }).mapToInt(entry -> Integer.parseInt(entry.getFileName().toString())).findFirst().orElseThrow();
        }
    }

    /** BAR2 with areas; the others as ever. */
    private static void region(ScriptedServer server, Header header, MemorySegment payload,
            List<Area> areas,
            int descriptor) {
        int index = RegionInfo.decode(payload).index();
        long size = index == 0 ? 4096 : index == 2 ? ScriptedServer.BAR2_BYTES : index == 7 ? 256 : 0;
        int flags = RegionInfo.READ | RegionInfo.WRITE;
        if (index != 2) {
            server.answer(header, new RegionInfo(32, flags, index, size, 0, List.of()));
            return;
        }
        int caps = areas.isEmpty() ? 0 : RegionInfo.CAPABILITIES;
        server.answerWith(header, new RegionInfo(RegionInfo.bytesWith(areas.size()), flags | RegionInfo.MMAP | caps, index, size, 0, areas),
                descriptor < 0 ? server.memory.descriptor().number() : descriptor);
    }

    @Test
    void onlyTheAreasThatTheServerNamesAreMapped() {
        List<String> accesses = new ArrayList<>();
        Map<Command, ScriptedServer.Handler> script = Map.of(
                Command.DEVICE_GET_REGION_INFO,
                (server, header, payload, _) -> region(server, header, payload, List.of(new Area(PAGE, PAGE), new Area(PAGE, 2 * PAGE),
                        new Area(100, PAGE), new Area(4 * PAGE, PAGE)), -1),
                Command.REGION_READ, (server, header, payload, _) -> {
                    RegionAccess access = RegionAccess.decode(payload, 1 << 16);
                    if (access.region() == 2) {
                        accesses.add("0x%x".formatted(access.offset()));
                    }
                    server.answerRead(header, payload);
                });
        try (Both both = new Both(script, false)) {
            Mmio bar = both.link.bar(2);
            for (long offset = 0; offset < 6 * PAGE; offset += PAGE) {
                both.server.memory.segment().set(JAVA_LONG, offset, offset + 1);
                assertThat(bar.read64(offset)).isEqualTo(offset + 1);
                bar.write32(offset + 8, (int) offset);
                assertThat(bar.read32(offset + 8)).isEqualTo((int) offset);
            }
            // the overlapping and the crooked one are not believed
            assertThat(accesses).containsExactly("0x0", "0x8", "0x2000", "0x2008", "0x3000", "0x3008", "0x5000", "0x5008");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memoryIsGivenByDescriptorAndTakenBack(boolean byMessages) throws Exception {
        try (Both both = new Both(Map.of(), byMessages); Arena arena = Arena.ofShared()) {
            DmaMapping mapping = both.link.dma().allocate(3 * PAGE, DmaAccess.DEVICE_READS);
            assertThat(both.server.mappings.get(mapping.iova()).flags()).isEqualTo(1);
            assertThat(both.server.mappings.get(mapping.iova()).size()).isEqualTo(3 * PAGE);
            assertThat(both.server.files.containsKey(mapping.iova())).isEqualTo(!byMessages);
            mapping.memory().set(JAVA_LONG, PAGE, 810);
            if (!byMessages) {
                MemorySegment read = arena.allocate(8);
                both.server.files.get(mapping.iova()).read(both.server.mappings.get(mapping.iova()).offset() + PAGE, read);
                assertThat(read.get(JAVA_LONG, 0)).isEqualTo(810);
                assertThat(both.server.files.get(mapping.iova()).cannotShrink()).isTrue();
            }
            MemorySegment callers = arena.allocate(PAGE, PAGE);
            DmaMapping other = both.link.dma().map(callers, 0x5000_0000L, DmaAccess.BOTH);
            assertThat(both.server.files).doesNotContainKey(other.iova());
            assertThatThrownBy(() -> both.link.dma().map(callers, 0x5000_0000L, DmaAccess.BOTH)).isInstanceOf(LinkException.class)
                    .hasMessageContaining("overlaps");
            other.close();
            mapping.close();
            assertThat(both.server.mappings).isEmpty();
            for (int i = 0; i < 100; i++) {
                DmaMapping _ = both.link.dma().allocate(PAGE, DmaAccess.BOTH);
            }
            assertThatThrownBy(() -> both.link.dma().allocate(PAGE, DmaAccess.BOTH)).isInstanceOf(LinkException.class)
                    .hasMessageContaining("takes 100 DMA mappings");
        }
    }

    /** The server withholds the reply to a read until its own requests are answered. */
    @Test
    void theServerReachesHostMemoryWhileACommandWaits() {
        Map<Command, ScriptedServer.Handler> script = Map.of(
                Command.REGION_READ, (server, header, payload, _) -> {
                    RegionAccess access = RegionAccess.decode(payload, 1 << 16);
                    if (access.region() == 0 && access.offset() == 0x20) {
                        long iova = server.registers.get(JAVA_LONG, 0x28);
                        byte[] read = server.dmaRead(iova, 8);
                        server.registers.set(JAVA_INT, 0x30, server.dmaWrite(iova + 8, read, false));
                        server.dmaWrite(iova + 16, read, true); // nobody answers, and the reply below comes behind it
                        server.registers.set(JAVA_INT, 0x34, server.dmaWrite(iova + PAGE - 4, read, false)); // half outside
                        server.registers.set(JAVA_INT, 0x38, server.dmaRead(iova + PAGE, 8)[0]);
                    }
                    server.answerRead(header, payload);
                });
        try (Both both = new Both(script, true)) {
            DmaMapping mapping = both.link.dma().allocate(PAGE, DmaAccess.BOTH);
            mapping.memory().set(JAVA_LONG, 0, 0x1234_5678_9abc_def0L);
            both.link.bar(0).write64(0x28, mapping.iova());
            for (int round = 0; round < 200; round++) {
                mapping.memory().set(JAVA_LONG, 8, 0);
                mapping.memory().set(JAVA_LONG, 16, 0);
                both.link.bar(0).read32(0x20);
                assertThat(mapping.memory().get(JAVA_LONG, 8)).isEqualTo(0x1234_5678_9abc_def0L);
                assertThat(mapping.memory().get(JAVA_LONG, 16)).isEqualTo(0x1234_5678_9abc_def0L);
            }
            assertThat(both.link.bar(0).read32(0x30)).isZero();
            assertThat(both.link.bar(0).read32(0x34)).isEqualTo(14); // EFAULT
            assertThat(both.link.bar(0).read32(0x38)).isEqualTo(14);
            assertThat(mapping.memory().get(JAVA_INT, PAGE - 4)).isZero();
        }
    }

    @Test
    void interruptsAreCounted() {
        try (Both both = open()) {
            both.link.interrupts().enable(3);
            assertThat(both.server.events).hasSize(3);
            assertThat(both.link.config().read16(0x42) & 0x8000).isNotZero();
            EventDescriptor.signal(both.server.events.get(2));
            assertThat(both.await(() -> both.link.interrupts().delivered(2) == 1)).isTrue();
            assertThat(both.link.interrupts().delivered(1)).isZero();
            both.link.interrupts().mask(1);
            assertThat(both.server.registers.get(JAVA_INT, 0x800 + 16 + 12)).isEqualTo(1);
            both.link.interrupts().disable();
            assertThat(both.link.config().read16(0x42) & 0x8000).isZero();
        }
    }

    @Test
    void anErrorIsTheAnswerToOneCommandOnly() {
        try (Both both = new Both(Map.of(Command.DMA_MAP, (server, header, _, _) -> {
            MemorySegment out = Arena.ofAuto().allocate(16);
            header.failure(17).encode(out);
            server.raw(out.toArray(JAVA_BYTE));
        }), false)) {
            assertThatThrownBy(() -> both.link.dma().allocate(PAGE, DmaAccess.BOTH)).isInstanceOfSatisfying(RefusedException.class,
                    e -> assertThat(e.errno()).isEqualTo(17)).hasMessageContaining("DMA_MAP");
            assertThat(both.link.config().read32(0)).isEqualTo(0x11e81234);
        }
    }

    @Test
    void manyThreadsHaveTheirOwnReplies() throws InterruptedException {
        try (Both both = open()) {
            Mmio bar = both.link.bar(0);
            for (int i = 0; i < 128; i++) {
                bar.write64(i * 8L, i * 0x0101_0101L);
            }
            ConcurrentLinkedQueue<Throwable> strange = new ConcurrentLinkedQueue<>();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int first = t;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        for (int i = 0; i < 3000; i++) {
                            int slot = (first * 31 + i) % 128;
                            assertThat(bar.read64(slot * 8L)).isEqualTo(slot * 0x0101_0101L);
                        }
                    } catch (Throwable e) {
                        strange.add(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(strange).isEmpty();
        }
    }

    @Test
    void aClosedLinkRefusesEverything() {
        Both both = open();
        Mmio registers = both.link.bar(0);
        Mmio memory = both.link.bar(2);
        DmaMapping mapping = both.link.dma().allocate(PAGE, DmaAccess.BOTH);
        both.link.close();
        both.link.close();
        assertThatThrownBy(() -> registers.read32(0)).isInstanceOf(LinkException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> memory.read32(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> both.link.config().read32(0)).isInstanceOf(LinkException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> both.link.reset(ResetKind.FUNCTION_LEVEL)).isInstanceOf(LinkException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> both.link.dma().allocate(PAGE, DmaAccess.BOTH)).isInstanceOf(LinkException.class);
        assertThatThrownBy(() -> both.link.runtime().await(() -> false, 0)).isInstanceOf(LinkException.class)
                .hasMessageContaining("closed");
        mapping.close();
        both.close();
    }

    @Test
    void whatNamesNoServerIsRefusedInWords(@TempDir Path folder) {
        assertThatThrownBy(() -> Links.open("vfio-user:")).isInstanceOf(LinkException.class).hasMessageContaining("names no socket");
        assertThatThrownBy(() -> Links.open("vfio-user:" + folder.resolve("none"))).isInstanceOf(LinkException.class)
                .hasMessageContaining("ppu serve");
        assertThatThrownBy(() -> Links.open("vfio-user:x?colour=red")).isInstanceOf(LinkException.class).hasMessageContaining("colour");
        assertThatThrownBy(() -> Links.open("vfio-user:x?dma=red")).isInstanceOf(LinkException.class).hasMessageContaining("messages");
        assertThatThrownBy(() -> Links.open("vfio-user:x?timeout=0")).isInstanceOf(LinkException.class).hasMessageContaining("timeout");
    }

    @Test
    void nothingLeaks() throws IOException {
        use();
        long descriptors = count(Path.of("/proc/self/fd"));
        long threads = count(Path.of("/proc/self/task"));
        long mappings = Files.readAllLines(Path.of("/proc/self/maps")).size();
        for (int i = 0; i < 200; i++) {
            use();
        }
        assertThat(count(Path.of("/proc/self/fd"))).isLessThanOrEqualTo(descriptors + 2);
        assertThat(count(Path.of("/proc/self/task"))).isLessThanOrEqualTo(threads + 8); // the JVM's own come and go
        assertThat(Files.readAllLines(Path.of("/proc/self/maps"))).hasSizeLessThan((int) mappings + 60);
    }

    private static void use() {
        try (Both both = open()) {
            both.link.interrupts().enable(4);
            both.link.bar(2).write32(0, both.link.bar(0).read32(0));
            DmaMapping _ = both.link.dma().allocate(PAGE, DmaAccess.BOTH);
        }
    }

    private static long count(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
