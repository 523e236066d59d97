package dev.openppu.hal.vfiouser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes written by hand from the protocol's text: a constant that both ends share would hide its own mistake. */
class GoldenBytesTest {
    private static final long MEBI = 1 << 20;

    private static MemorySegment bytes(String hex) {
        return MemorySegment.ofArray(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static void assertEncoded(Payload payload, String hex) {
        MemorySegment to = MemorySegment.ofArray(new byte[payload.bytes()]);
        payload.encode(to);
        assertThat(HexFormat.of().formatHex(to.toArray(ValueLayout.JAVA_BYTE))).isEqualTo(hex.replace(" ", ""));
    }

    private static void assertHeader(Header header, String hex) {
        MemorySegment to = MemorySegment.ofArray(new byte[Header.BYTES]);
        header.encode(to);
        assertThat(HexFormat.of().formatHex(to.toArray(ValueLayout.JAVA_BYTE))).isEqualTo(hex.replace(" ", ""));
        assertThat(Header.decode(to, MEBI)).isEqualTo(header);
    }

    @Test
    void headers() {
        Header read = Header.command(0x1234, Command.REGION_READ, 16, false);
        assertHeader(read, "3412 0900 20000000 00000000 00000000");
        assertHeader(Header.command(1, Command.REGION_WRITE, 20, true), "0100 0a00 24000000 10000000 00000000");
        assertHeader(read.reply(24), "3412 0900 28000000 01000000 00000000");
        assertHeader(read.failure(ProtocolException.EEXIST), "3412 0900 10000000 21000000 11000000");
    }

    @Test
    void commandsHaveTheProtocolsNumbers() {
        assertThat(Command.of(1)).contains(Command.VERSION);
        assertThat(Command.of(2)).contains(Command.DMA_MAP);
        assertThat(Command.of(3)).contains(Command.DMA_UNMAP);
        assertThat(Command.of(4)).contains(Command.DEVICE_GET_INFO);
        assertThat(Command.of(5)).contains(Command.DEVICE_GET_REGION_INFO);
        assertThat(Command.of(6)).contains(Command.DEVICE_GET_REGION_IO_FDS);
        assertThat(Command.of(7)).contains(Command.DEVICE_GET_IRQ_INFO);
        assertThat(Command.of(8)).contains(Command.DEVICE_SET_IRQS);
        assertThat(Command.of(9)).contains(Command.REGION_READ);
        assertThat(Command.of(10)).contains(Command.REGION_WRITE);
        assertThat(Command.of(11)).contains(Command.DMA_READ);
        assertThat(Command.of(12)).contains(Command.DMA_WRITE);
        assertThat(Command.of(13)).contains(Command.DEVICE_RESET);
        assertThat(Command.of(14)).isEmpty();
        assertThat(Command.of(15)).contains(Command.REGION_WRITE_MULTI);
        assertThat(Command.of(16)).contains(Command.DEVICE_FEATURE);
        assertThat(Command.of(0)).isEmpty();
    }

    @Test
    void version() {
        byte[] text = "\0\0\0\0{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":1048576,\"pgsizes\":4096}}\0".getBytes(
                StandardCharsets.US_ASCII);
        assertThat(Version.decode(MemorySegment.ofArray(text)))
                .isEqualTo(new Version(0, 0, new PeerCapabilities(8, MEBI, 65535, 4096, false)));
        assertThat(Version.decode(bytes("0000 0100"))).isEqualTo(new Version(0, 1, PeerCapabilities.DEFAULTS));
        MemorySegment to = MemorySegment.ofArray(new byte[new Version(0, 0, PeerCapabilities.DEFAULTS).bytes()]);
        new Version(0, 0, PeerCapabilities.DEFAULTS).encode(to);
        assertThat(new String(to.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII)).isEqualTo("\0\0\0\0"
                + "{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576,\"max_dma_maps\":65535,\"pgsizes\":4096,\"write_multiple\":false}}\0");
    }

    @Test
    void dmaMapAndUnmap() {
        DmaMap map = new DmaMap(DmaMap.READ | DmaMap.WRITE, 0x1000, 0xfef0_0000L, 0x2000);
        String mapped = "20000000 03000000 0010000000000000 0000f0fe00000000 0020000000000000";
        assertEncoded(map, mapped);
        assertThat(DmaMap.decode(bytes(mapped))).isEqualTo(map);
        DmaUnmap unmap = new DmaUnmap(24, 0, 0xfef0_0000L, 0xffff_ffff_0110_0000L);
        String unmapped = "18000000 00000000 0000f0fe00000000 00001001ffffffff";
        assertEncoded(unmap, unmapped);
        assertThat(DmaUnmap.decode(bytes(unmapped))).as("a range that ends at 2^64").isEqualTo(unmap);
        DmaUnmap all = DmaUnmap.decode(bytes("18000000 02000000 0000000000000000 0000000000000000"));
        assertThat(all.all()).isTrue();
    }

    @Test
    void deviceInfo() {
        DeviceInfo info = new DeviceInfo(16, DeviceInfo.RESET | DeviceInfo.PCI, PciRegion.COUNT, PciIrq.COUNT);
        String hex = "10000000 03000000 09000000 05000000";
        assertEncoded(info, hex);
        assertThat(DeviceInfo.decode(bytes(hex))).isEqualTo(info);
    }

    @Test
    void regionInfoWithSparseAreas() {
        RegionInfo info = new RegionInfo(RegionInfo.bytesWith(2),
                RegionInfo.READ | RegionInfo.WRITE | RegionInfo.MMAP | RegionInfo.CAPABILITIES,
                4, MEBI, 0x3000, List.of(new RegionInfo.Area(0, 0x40000), new RegionInfo.Area(0x50000, 0x1000)));
        String hex = "50000000 0f000000 04000000 20000000 0000100000000000 0030000000000000"
                + "0100 0100 00000000 02000000 00000000 0000000000000000 0000040000000000 0000050000000000 0010000000000000";
        assertEncoded(info, hex);
        assertThat(RegionInfo.decode(bytes(hex))).isEqualTo(info);
        RegionInfo cut = info.withoutAreas();
        assertThat(cut.bytes()).isEqualTo(32);
        assertThat(cut.argsz()).isEqualTo(80);
        assertEncoded(cut, "50000000 0f000000 04000000 20000000 0000100000000000 0030000000000000");
        assertThat(RegionInfo.decode(bytes("50000000 0f000000 04000000 20000000 0000100000000000 0030000000000000"))).isEqualTo(cut);
    }

    @Test
    void irqs() {
        IrqInfo info = new IrqInfo(16, IrqInfo.EVENTFD | IrqInfo.NORESIZE, PciIrq.MSIX, 65);
        assertEncoded(info, "10000000 09000000 02000000 41000000");
        assertThat(IrqInfo.decode(bytes("10000000 09000000 02000000 41000000"))).isEqualTo(info);
        IrqSet eventfds = IrqSet.of(IrqSet.DATA_EVENTFD | IrqSet.TRIGGER, PciIrq.MSIX, 1, 2);
        assertEncoded(eventfds, "14000000 24000000 02000000 01000000 02000000");
        assertThat(IrqSet.decode(bytes("14000000 24000000 02000000 01000000 02000000"))).isEqualTo(eventfds);
        BitSet second = new BitSet();
        second.set(1);
        IrqSet booleans = new IrqSet(IrqSet.DATA_BOOL | IrqSet.MASK, PciIrq.MSIX, 0, 3, second);
        assertEncoded(booleans, "17000000 0a000000 02000000 00000000 03000000 00 01 00");
        assertThat(IrqSet.decode(bytes("17000000 0a000000 02000000 00000000 03000000 00 01 00"))).isEqualTo(booleans);
        assertEncoded(IrqSet.of(IrqSet.DATA_NONE | IrqSet.TRIGGER, PciIrq.MSIX, 0, 0), "14000000 21000000 02000000 00000000 00000000");
    }

    @Test
    void accesses() {
        RegionAccess config = new RegionAccess(0x40, PciRegion.CONFIG, 4);
        assertEncoded(config, "4000000000000000 07000000 04000000");
        assertThat(RegionAccess.decode(bytes("4000000000000000 07000000 04000000"), MEBI)).isEqualTo(config);
        assertThat(RegionAccess.decodeWithData(bytes("4000000000000000 07000000 04000000 efbeadde"), MEBI)).isEqualTo(config);
        DmaTransfer dma = new DmaTransfer(0x1_0000, 8);
        assertEncoded(dma, "0000010000000000 0800000000000000");
        assertThat(DmaTransfer.decode(bytes("0000010000000000 0800000000000000"), MEBI)).isEqualTo(dma);
        assertThat(DmaTransfer.decodeWritten(bytes("0000010000000000 08000000"), MEBI)).isEqualTo(dma);
        RegionWrites writes = new RegionWrites(List.of(new RegionWrites.One(0x1000, 4, 8, 7)));
        assertEncoded(writes, "0100000000000000 0010000000000000 04000000 08000000 0700000000000000");
        assertThat(RegionWrites.decode(bytes("0100000000000000 0010000000000000 04000000 08000000 0700000000000000"))).isEqualTo(writes);
        assertEncoded(new RegionIoFds(16, 4, 0), "10000000 00000000 04000000 00000000");
    }
}
