package dev.openppu.hal.vfiouser;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.DeviceLink.Bar;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.posix.file.SharedMemory;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.OtherMakesServer.Access;
import dev.openppu.hal.vfiouser.OtherMakesServer.Device;
import dev.openppu.hal.vfiouser.OtherMakesServer.Region;
import dev.openppu.hal.vfiouser.RemoteDmaSpace.ByMessages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Devices as the samples of libvfio-user serve them: each can be opened, and used as what it is. */
@Timeout(60)
class OtherMakesTest {
    private static final int[] NO_IRQS = {0, 0, 0, 1, 1};
    private static final long[][] NOWHERE = {};

    private static void with(Device device, BiConsumer<DeviceLink, OtherMakesServer> does) {
        UnixSocket.Pair pair = UnixSocket.pair();
        try (OtherMakesServer server = new OtherMakesServer(pair.second(), device);
                DeviceLink link = new VfioUserLink(
                        new VfioUserLink.Settings("vfio-user:other", 1, TimeUnit.SECONDS.toNanos(20), ByMessages.CALLERS, false),
                        pair
                                .first())) {
            does.accept(link, server);
            assertThat(server.strange).isEmpty();
        }
    }

    private static Access memory(MemorySegment memory) {
        return (data, offset, write) -> {
            MemorySegment there = memory.asSlice(offset, data.byteSize());
            if (write) {
                there.copyFrom(data);
            } else {
                data.copyFrom(there);
            }
            return true;
        };
    }

    /** server.c: 8 bytes of ports that are read as a whole, 3 pages of ports of which two are in a file, a device-specific region, INTx alone. */
    @Test
    void barsOfPortsAndOfSizesThatNoHardwareHas() {
        AtomicLong time = new AtomicLong(810);
        Access clock = (data, offset, write) -> {
            if (data.byteSize() != 8 || offset != 0) {
                return false;
            }
            if (write) {
                time.set(data.get(JAVA_LONG_UNALIGNED, 0));
            } else {
                data.set(JAVA_LONG_UNALIGNED, 0, time.get());
            }
            return true;
        };
        try (SharedMemory file = SharedMemory.create("bar1", 0x3000)) {
            long[][] areas = {{0, 0x1000}, {0x2000, 0x1000}};
            Device device = new Device(0xdead, 0xbeef, OtherMakesServer.regions(0, new Region(8, false, clock, NOWHERE, -1),
                    1, new Region(0x3000, false, memory(file.segment()), areas, file.descriptor().number())), 10, 256,
                    new int[]{1, 0, 0, 1, 1}, true);
            with(device, (link, server) -> {
                assertThat(link.config().read32(0)).isEqualTo(0xbeefdead);
                assertThat(link.config().size()).isEqualTo(256);
                assertThat(link.bars()).containsExactly(new Bar(0, 8, false, false, true), new Bar(1, 0x3000, false, false, true));
                assertThat(link.interrupts().vectors()).isZero();
                assertThatThrownBy(() -> link.bar(0)).isInstanceOf(LinkException.class).hasMessageContaining("I/O Space Enable");
                link.config().write16(Header.COMMAND, Command.IO_SPACE_ENABLE | Command.BUS_MASTER_ENABLE);
                Mmio bar0 = link.bar(0);
                bar0.write64(0, 811);
                assertThat(bar0.read64(0)).isEqualTo(811);
                assertThatThrownBy(() -> bar0.read32(0)).isInstanceOf(RefusedException.class).hasMessageContaining("REGION_READ")
                        .hasMessageContaining("22");
                Mmio bar1 = link.bar(1);
                bar1.write32(0x2ffc, 7);
                bar1.write32(0x1ffc, 8);
                assertThat(bar1.read32(0x1ffc)).isEqualTo(8);
                assertThat(bar1.read32(0x2ffc)).isEqualTo(7);
                assertThat(file.segment().get(java.lang.foreign.ValueLayout.JAVA_INT, 0x2ffc)).isEqualTo(7);
                link.reset(ResetKind.FUNCTION_LEVEL);
                assertThat(server.resets).hasSize(1);
                try (DmaMapping mapping = link.dma().allocate(8192, DmaAccess.BOTH)) {
                    assertThat(mapping.iova()).isPositive();
                }
            });
        }
    }

    /** gpio-pci-idio-16.c: 256 ports, nothing else; no DMA, whose commands it answers without doing anything. */
    @Test
    void aDeviceOfPortsAloneWithoutDma() {
        AtomicInteger reads = new AtomicInteger();
        Access counter = (data, _, write) -> {
            if (!write) {
                data.set(JAVA_BYTE, 0, (byte) (reads.getAndIncrement() / 3));
            }
            return true;
        };
        Device device = new Device(0x494f, 0x0dc8, OtherMakesServer.regions(2, new Region(0x100, false, counter, NOWHERE, -1)), 9, 256,
                new int[]{1, 0, 0, 1, 1}, false);
        with(device, (link, _) -> {
            assertThat(link.bars()).containsExactly(new Bar(2, 0x100, false, false, true));
            link.config().write16(Header.COMMAND, Command.IO_SPACE_ENABLE);
            Mmio ports = link.bar(2);
            for (int i = 0; i < 6; i++) {
                assertThat(ports.read8(0)).isEqualTo((byte) (i / 3));
            }
            link.dma().allocate(4096, DmaAccess.BOTH).close();
            assertThatThrownBy(() -> link.interrupts().enable(1)).isInstanceOf(LinkException.class).hasMessageContaining("0");
        });
    }

    /** null.c: config space with nothing in it. */
    @Test
    void aDeviceOfNothing() {
        with(new Device(0, 0, Map.of(), 9, 256, NO_IRQS, false), (link, _) -> {
            assertThat(link.bars()).isEmpty();
            assertThat(link.config().read32(0)).isZero();
            link.config().write16(Header.COMMAND, Command.BUS_MASTER_ENABLE);
            assertThatThrownBy(() -> link.config().write32(0, 7)).isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> link.bar(0)).isInstanceOf(LinkException.class).hasMessageContaining("no BAR0");
        });
    }

    /** shadow_ioeventfd_server.c: a page of memory space by messages; and interrupts that the server counts, but the config space knows nothing of. */
    @Test
    void aPageByMessagesAndVectorsWithoutACapability() {
        MemorySegment page = Arena.ofAuto().allocate(4096);
        Device device = new Device(0x4e58, 0, OtherMakesServer.regions(0, new Region(4096, true, memory(page), NOWHERE, -1)), 9, 4096,
                new int[]{0, 0, 32, 1, 1}, false);
        with(device, (link, _) -> {
            assertThat(link.bars()).containsExactly(new Bar(0, 4096, false, false));
            assertThat(link.config().size()).isEqualTo(4096);
            assertThat(link.interrupts().vectors()).isZero();
            link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
            link.bar(0).write32(4, 0x810);
            assertThat(link.bar(0).read32(4)).isEqualTo(0x810);
        });
    }

    /** Each area would come with a descriptor of its own, and a message takes 8. */
    @Test
    void aRegionWithMoreAreasThanAMessageHasRoomForGoesByMessages() {
        try (SharedMemory file = SharedMemory.create("bar0", 32 * 4096)) {
            long[][] areas = new long[16][];
            for (int i = 0; i < areas.length; i++) {
                areas[i] = new long[]{i * 8192L, 4096};
            }
            Device device = new Device(0x4e58, 1,
                    OtherMakesServer.regions(0, new Region(32 * 4096, true, memory(file.segment()), areas, file
                            .descriptor().number())),
                    9, 256, NO_IRQS, false);
            with(device, (link, _) -> {
                link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
                assertThat(link.bar(0)).isInstanceOf(TrappedMmio.class);
                link.bar(0).write32(8192, 9);
                assertThat(link.bar(0).read32(8192)).isEqualTo(9);
            });
        }
    }

    /** It takes each message with one call, and the kernel keeps what is longer in several buffers, of which one call may get the first. */
    @Test
    void aLongWriteComesInMessagesThatOneCallTakes() {
        MemorySegment bar = Arena.ofAuto().allocate(1 << 18);
        Device device = new Device(0x4e58, 2, OtherMakesServer.regions(0, new Region(1 << 18, true, memory(bar), NOWHERE, -1)), 9, 256,
                NO_IRQS, false);
        with(device, (link, server) -> {
            link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
            byte[] bytes = new byte[200_001];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i * 31);
            }
            link.bar(0).writeBytes(5, MemorySegment.ofArray(bytes));
            byte[] back = new byte[bytes.length];
            link.bar(0).readBytes(5, MemorySegment.ofArray(back));
            assertThat(back).isEqualTo(bytes);
            assertThat(server.messageSizes).allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(32 + (1 << 15)));
        });
    }
}
