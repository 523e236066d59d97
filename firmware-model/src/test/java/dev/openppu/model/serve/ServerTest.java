package dev.openppu.model.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.file.SharedMemory;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DeviceInfo;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import dev.openppu.hal.vfiouser.protocol.DmaTransfer;
import dev.openppu.hal.vfiouser.protocol.DmaUnmap;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.IrqInfo;
import dev.openppu.hal.vfiouser.protocol.IrqSet;
import dev.openppu.hal.vfiouser.protocol.PciIrq;
import dev.openppu.hal.vfiouser.protocol.PciRegion;
import dev.openppu.hal.vfiouser.protocol.PeerCapabilities;
import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.protocol.RegionIoFds;
import dev.openppu.hal.vfiouser.protocol.RegionWrites;
import dev.openppu.hal.vfiouser.protocol.Version;
import dev.openppu.hal.vfiouser.server.VfioUserServer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServerTest {
    private static final long PAGE = 4096;
    private static final long IOVA = 0x10_0000;

    @TempDir
    private Path folder;

    private ServedDevice served;

    @BeforeEach
    void serve() {
        served = new ServedDevice(folder);
    }

    @AfterEach
    void end() {
        served.close();
    }

    @Test
    void whatTheDeviceIs() {
        try (RawClient client = served.client()) {
            DeviceInfo info = DeviceInfo.decode(client.ask(Command.DEVICE_GET_INFO, new DeviceInfo(16, 0, 0, 0)).payload());
            assertThat(info).isEqualTo(new DeviceInfo(16, DeviceInfo.RESET | DeviceInfo.PCI, 9, 5));
            long[] sizes = {1 << 16, 0, 1 << 20, 0, 1 << 14, 0, 0, 4096, 0};
            for (int i = 0; i < sizes.length; i++) {
                assertThat(RegionInfo.decode(client.ask(Command.DEVICE_GET_REGION_INFO, RegionInfo.ask(32, i)).payload()).size())
                        .isEqualTo(sizes[i]);
            }
            IrqInfo msix = IrqInfo.decode(client.ask(Command.DEVICE_GET_IRQ_INFO, new IrqInfo(16, 0, PciIrq.MSIX, 0)).payload());
            assertThat(msix.count()).isEqualTo(70);
            assertThat(msix.flags() & IrqInfo.EVENTFD).isNotZero();
            assertThat(IrqInfo.decode(client.ask(Command.DEVICE_GET_IRQ_INFO, new IrqInfo(16, 0, PciIrq.MSI, 0)).payload()).count())
                    .isZero();
            assertThat(RegionIoFds.decode(client.ask(Command.DEVICE_GET_REGION_IO_FDS, new RegionIoFds(16, 4, 0)).payload()).count())
                    .isZero();
        }
    }

    @Test
    void versionsAndCapabilitiesAreAgreedUpon() {
        try (RawClient client = new RawClient(served.socket)) {
            PeerCapabilities proposed = new PeerCapabilities(16, 1 << 20, 65535, 4096, true);
            Version answer = Version.decode(client.ask(Command.VERSION, new Version(0, 1, proposed)).payload());
            assertThat(answer.major()).isZero();
            assertThat(answer.minor()).isZero();
            assertThat(answer.capabilities()).isEqualTo(new PeerCapabilities(8, 1 << 20, 16384, 4096, true));
        }
        try (RawClient other = new RawClient(served.socket)) {
            assertThat(other.ask(Command.VERSION, new Version(1, 0, PeerCapabilities.DEFAULTS)).errno())
                    .isEqualTo(ProtocolException.EINVAL);
            assertThat(other.tryReceive()).isNull();
        }
    }

    @Test
    void configSpaceAndBars() {
        try (RawClient client = served.client()) {
            assertThat(client.read(PciRegion.CONFIG, 0, 4)).isEqualTo(0x6001_1dedL);
            assertThat(client.read(0, 0x10, 4)).as("memory decoding is off").isEqualTo(0xffff_ffffL);
            ServedDevice.enabled(client);
            client.write(0, 0x10, 4, 0x810, false);
            client.write(0, 0x18, 8, 0x1122_3344_5566_7788L, true);
            assertThat(client.read(0, 0x10, 4)).isEqualTo(0x810);
            assertThat(client.read(0, 0x18, 8)).isEqualTo(0x1122_3344_5566_7788L);
            assertThat(served.device.accesses).as("each is one access, in order").containsExactly("w16=2064",
                    "w24=" + 0x1122_3344_5566_7788L, "r16",
                    "r24");
            assertThat(client.read(PciRegion.CONFIG, 1, 2)).as("an access that is not aligned").isEqualTo(0x011dL);
            RawClient.Answer all = client.ask(Command.REGION_READ, new RegionAccess(0, PciRegion.CONFIG, 4096));
            assertThat(all.payload().byteSize()).isEqualTo(16 + 4096);
            RegionWrites writes = new RegionWrites(List.of(new RegionWrites.One(0x20, 0, 4, 1), new RegionWrites.One(0x24, 0, 4, 2)));
            assertThat(client.ask(Command.REGION_WRITE_MULTI, writes).payload().get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(2);
            assertThat(client.read(0, 0x24, 4)).isEqualTo(2);
        }
    }

    @Test
    void whatIsNotDoneIsAnsweredAndTheClientGoesOn() {
        try (RawClient client = served.client()) {
            client.sendBytes(new byte[]{9, 0, 99, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 16);
            assertThat(client.receive().errno()).isEqualTo(ProtocolException.EOPNOTSUPP);
            client.sendBytes(new byte[]{9, 0, 99, 0, 16, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0}, 0, 16);
            assertThat(client.ask(Command.REGION_READ, new RegionAccess(4095, PciRegion.CONFIG, 2)).errno())
                    .isEqualTo(ProtocolException.EINVAL);
            assertThat(client.ask(Command.REGION_READ, new RegionAccess(0, PciRegion.VGA, 4)).errno()).isEqualTo(ProtocolException.EINVAL);
            assertThat(client.ask(Command.DEVICE_FEATURE, null).errno()).isEqualTo(ProtocolException.EOPNOTSUPP);
            assertThat(client.read(PciRegion.CONFIG, 0, 2)).isEqualTo(0x1ded);
        }
    }

    @Test
    void messagesMayComeInPiecesAndSeveralAtOnce() throws InterruptedException {
        try (RawClient client = served.client()) {
            MemorySegment message = MemorySegment.ofArray(new byte[32]);
            Header.command(7, Command.REGION_READ, 16, false).encode(message);
            new RegionAccess(0, PciRegion.CONFIG, 4).encode(message.asSlice(16));
            byte[] bytes = message.toArray(ValueLayout.JAVA_BYTE);
            for (int i = 0; i < bytes.length; i++) {
                client.sendBytes(bytes, i, 1);
                if (i % 8 == 0) {
                    Thread.sleep(2);
                }
            }
            assertThat(client.receive().header().id()).isEqualTo(7);
            byte[] twice = new byte[64];
            System.arraycopy(bytes, 0, twice, 0, 32);
            System.arraycopy(bytes, 0, twice, 32, 32);
            client.sendBytes(twice, 0, 64);
            assertThat(client.receive().errno()).isZero();
            assertThat(client.receive().errno()).isZero();
        }
    }

    @Test
    void interruptsComeByDescriptors() {
        try (RawClient client = ServedDevice.enabled(served.client());
                EventDescriptor first = new EventDescriptor();
                EventDescriptor second = new EventDescriptor();
                EventDescriptor masked = new EventDescriptor()) {
            assertThat(client
                    .ask(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_EVENTFD | IrqSet.TRIGGER, PciIrq.MSIX, 3, 2), first.number(), second
                            .number())
                    .errno()).isZero();
            served.device.run(() -> served.device.host.interrupt(3));
            ServedDevice.await("vector 3", () -> first.take() == 1);
            assertThat(second.take()).isZero();
            client.ask(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_EVENTFD | IrqSet.MASK, PciIrq.MSIX, 4, 1), masked.number());
            client.ask(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_NONE | IrqSet.MASK, PciIrq.MSIX, 4, 1));
            assertThat(masked.take()).isEqualTo(1);
            served.device.run(() -> served.device.host.interrupt(4));
            BitSet one = new BitSet();
            one.set(1);
            client.ask(Command.DEVICE_SET_IRQS, new IrqSet(IrqSet.DATA_BOOL | IrqSet.TRIGGER, PciIrq.MSIX, 2, 3, one));
            ServedDevice.await("vector 3 by the client's own trigger", () -> first.take() == 1);
            served.device.run(() -> served.device.host.interrupt(3));
            ServedDevice.await("vector 3, behind vector 4", () -> first.take() == 1);
            assertThat(second.take()).as("masked").isZero();
            client.ask(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_NONE | IrqSet.UNMASK, PciIrq.MSIX, 4, 1));
            assertThat(second.take()).as("pending until then").isEqualTo(1);
            client.ask(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_EVENTFD | IrqSet.TRIGGER, PciIrq.MSIX, 3, 1));
            client.ask(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_NONE | IrqSet.TRIGGER, PciIrq.MSIX, 3, 1));
            assertThat(first.take()).as("taken back").isZero();
            assertThat(client.ask(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_NONE | IrqSet.TRIGGER, PciIrq.MSIX, 0, 0)).errno())
                    .isZero();
            client.ask(Command.DEVICE_SET_IRQS, IrqSet.of(IrqSet.DATA_NONE | IrqSet.TRIGGER, PciIrq.MSIX, 4, 1));
            assertThat(second.take()).as("all disabled").isZero();
        }
    }

    @Test
    void memoryByDescriptorIsReachedUntilItIsUnmapped() throws Exception {
        try (RawClient client = ServedDevice.enabled(served.client());
                SharedMemory memory = SharedMemory.create("openppu-test", 4 * PAGE)) {
            int descriptor = memory.descriptor().number();
            assertThat(client.ask(Command.DMA_MAP, new DmaMap(3, PAGE, IOVA, 2 * PAGE), descriptor).errno()).isZero();
            assertThat(client.ask(Command.DMA_MAP, new DmaMap(3, 0, IOVA + PAGE, PAGE), descriptor).errno())
                    .isEqualTo(ProtocolException.EEXIST);
            assertThat(deviceWrites(IOVA + 8, 0x810)).isTrue();
            assertThat(memory.segment().get(ValueLayout.JAVA_LONG, PAGE + 8)).isEqualTo(0x810);
            assertThat(client.ask(Command.DMA_UNMAP, new DmaUnmap(24, 0, IOVA, PAGE)).errno()).as("a part")
                    .isEqualTo(ProtocolException.EINVAL);
            RawClient.Answer unmapped = client.ask(Command.DMA_UNMAP, new DmaUnmap(24, 0, IOVA, 2 * PAGE));
            assertThat(DmaUnmap.decode(unmapped.payload())).isEqualTo(new DmaUnmap(24, 0, IOVA, 2 * PAGE));
            assertThat(deviceWrites(IOVA + 8, 0x811)).isFalse();
            assertThat(memory.segment().get(ValueLayout.JAVA_LONG, PAGE + 8)).isEqualTo(0x810);
            assertThat(served.model.refusedRequests()).isEqualTo(1);
            assertThat(client.ask(Command.DMA_UNMAP, new DmaUnmap(24, 0, 0xfef0_0000L, 0xffff_ffff_0110_0000L)).errno()).as("nothing there")
                    .isZero();
            client.ask(Command.DMA_MAP, new DmaMap(1, 0, IOVA, PAGE), descriptor);
            assertThat(deviceWrites(IOVA, 1)).as("for reading only").isFalse();
            client.ask(Command.DMA_UNMAP, new DmaUnmap(24, DmaUnmap.ALL, 0, 0));
            assertThat(client.ask(Command.DMA_MAP, new DmaMap(3, 0, IOVA, 4 * PAGE), descriptor).errno()).isZero();
        }
    }

    private boolean deviceWrites(long iova, long value) throws Exception {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        served.device.run(() -> done.complete(served.device.host.write64(iova, value).ok()));
        return done.get(10, TimeUnit.SECONDS);
    }

    /** A client that is asked while it waits for an answer itself: it gets what it asked for when it has served the device. */
    @Test
    void memoryByMessagesIsAskedForWhileACommandWaits() {
        try (RawClient client = ServedDevice.enabled(served.client())) {
            assertThat(client.ask(Command.DMA_MAP, new DmaMap(3, 0, IOVA, 0x10_0000)).errno()).isZero();
            AtomicLong seen = new AtomicLong();
            served.device.run(() -> {
                MemorySegment read = served.device.zeros(16);
                boolean ok = served.device.host.read(IOVA + 0x40, read).ok();
                seen.set(ok ? read.get(ValueLayout.JAVA_LONG_UNALIGNED, 8) : -1);
                served.device.host.write32(IOVA + 0x80, 7);
            });
            RawClient.Answer asked = client.receive();
            assertThat(asked.header().command()).isEqualTo(Command.DMA_READ.code());
            assertThat(DmaTransfer.decode(asked.payload(), 1 << 20)).isEqualTo(new DmaTransfer(IOVA + 0x40, 16));
            int read = client.send(Command.REGION_READ, new RegionAccess(0, 0, 4), RawClient.NOTHING, false);
            MemorySegment data = MemorySegment.ofArray(new byte[16]);
            data.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, 0x8106001);
            client.reply(asked.header(), new DmaTransfer(IOVA + 0x40, 16), data);
            RawClient.Answer written = client.receive();
            assertThat(written.header().command()).isEqualTo(Command.DMA_WRITE.code());
            assertThat(written.payload().asSlice(16).toArray(ValueLayout.JAVA_BYTE)).containsExactly(7, 0, 0, 0);
            client.reply(written.header(), new DmaTransfer(IOVA + 0x80, 4), RawClient.NOTHING);
            assertThat(client.receive().header().id()).isEqualTo(read);
            assertThat(seen.get()).isEqualTo(0x8106001);
        }
    }

    @Test
    void aResetLeavesNothingOfTheConfiguration() {
        try (RawClient client = ServedDevice.enabled(served.client())) {
            client.write(0, 0x10, 4, 5, false);
            assertThat(client.ask(Command.DEVICE_RESET, null).errno()).isZero();
            assertThat(client.read(PciRegion.CONFIG, 0, 4)).as("it answers again").isEqualTo(0x6001_1dedL);
            assertThat(client.read(0, 0x10, 4)).as("not decoded any more").isEqualTo(0xffff_ffffL);
        }
    }

    @Test
    void whoComesNextFindsADeviceAfterPowerOn() {
        try (RawClient client = ServedDevice.enabled(served.client()); SharedMemory memory = SharedMemory.create("openppu-test", PAGE)) {
            client.ask(Command.DMA_MAP, new DmaMap(3, 0, IOVA, PAGE), memory.descriptor().number());
            client.write(0, 0x10, 4, 5, false);
        }
        try (RawClient next = ServedDevice.enabled(served.client()); SharedMemory memory = SharedMemory.create("openppu-test", PAGE)) {
            assertThat(next.read(0, 0x10, 4)).isZero();
            assertThat(next.ask(Command.DMA_MAP, new DmaMap(3, 0, IOVA, PAGE), memory.descriptor().number()).errno()).isZero();
        }
        assertThat(served.left()).first().satisfies(left -> assertThat(left.violation()).isFalse());
    }

    @Test
    void aSocketAtWhichSomethingListensIsLeftAlone() {
        assertThatExceptionOfType(PosixException.class).isThrownBy(() -> VfioUserServer.open(served.socket, served.model, e -> {}))
                .withMessageContaining("another process listens there");
        served.server.close();
        assertThat(Files.exists(served.socket)).isFalse();
    }
}
