package dev.openppu.hal.posix.vfio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.posix.vfio.VfioRegion.Area;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Golden bytes, by hand from include/uapi/linux/vfio.h and iommufd.h, of a little-endian machine. */
@SuppressWarnings("restricted") // addresses that nobody looks at
class VfioStructuresTest {
    private final Arena arena = Arena.ofAuto();

    private static String hex(MemorySegment segment) {
        return HexFormat.of().formatHex(segment.toArray(ValueLayout.JAVA_BYTE));
    }

    private MemorySegment bytes(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        MemorySegment segment = arena.allocate(bytes.length, 8);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    @Test
    void requestsHaveTheKernelsNumbers() {
        Map<String, String> numbers = new TreeMap<>();
        for (VfioRequest request : VfioRequest.values()) {
            numbers.put(request.name(), "%04x".formatted(request.number()));
        }
        assertThat(numbers).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(Map.entry("GET_API_VERSION", "3b64"),
                Map.entry("CHECK_EXTENSION", "3b65"), Map.entry("SET_IOMMU", "3b66"), Map.entry("GROUP_GET_STATUS", "3b67"),
                Map.entry("GROUP_SET_CONTAINER", "3b68"), Map.entry("GROUP_GET_DEVICE_FD", "3b6a"), Map.entry("DEVICE_GET_INFO", "3b6b"),
                Map.entry("DEVICE_GET_REGION_INFO", "3b6c"), Map.entry("DEVICE_GET_IRQ_INFO", "3b6d"), Map.entry("DEVICE_SET_IRQS", "3b6e"),
                Map.entry("DEVICE_RESET", "3b6f"), Map.entry("DEVICE_GET_PCI_HOT_RESET_INFO", "3b70"),
                Map.entry("DEVICE_PCI_HOT_RESET", "3b71"), Map.entry("IOMMU_GET_INFO", "3b70"), Map.entry("IOMMU_MAP_DMA", "3b71"),
                Map.entry("IOMMU_UNMAP_DMA", "3b72"), Map.entry("DEVICE_BIND_IOMMUFD", "3b76"),
                Map.entry("DEVICE_ATTACH_IOMMUFD_PT", "3b77"), Map.entry("IOAS_ALLOC", "3b81"), Map.entry("IOAS_IOVA_RANGES", "3b84"),
                Map.entry("IOAS_MAP", "3b85"), Map.entry("IOAS_UNMAP", "3b86")));
    }

    @Test
    void dmaMappings() {
        MemorySegment memory = MemorySegment.ofAddress(0x7f00_1234_5000L).reinterpret(0x3000);
        assertThat(hex(VfioStructures.dmaMap(arena, 0x1_0000_2000L, memory, true, false))).isEqualTo(
                "20000000" + "01000000" + "00503412007f0000" + "0020000001000000" + "0030000000000000");
        assertThat(hex(VfioStructures.dmaMap(arena, 0x1_0000_2000L, memory, true, true))).startsWith("20000000" + "03000000");
        assertThat(hex(VfioStructures.dmaUnmap(arena, 0x1_0000_2000L, 0x3000))).isEqualTo(
                "18000000" + "00000000" + "0020000001000000" + "0030000000000000");
    }

    @Test
    void hotResets() {
        assertThat(hex(VfioStructures.hotReset(arena, List.of(17)))).isEqualTo("10000000" + "00000000" + "01000000" + "11000000");
        assertThat(hex(VfioStructures.hotReset(arena, List.of()))).isEqualTo("0c000000" + "00000000" + "00000000");
        HotResetScope two = HotResetScope.of(bytes("1c000000 00000000 02000000" + "0b000000 0000 01 00" + "0c000000 0100 3f fa"));
        assertThat(two).isEqualTo(new HotResetScope(false, List.of(new HotResetScope.Function(11, "0000:01:00.0"),
                new HotResetScope.Function(12, "0001:3f:1f.2"))));
        assertThat(two.within(11)).as("another group's function would be reset, too").isFalse();
        HotResetScope cut = HotResetScope.of(bytes("1c000000 03000000 ffffffff" + "0b000000 0000 01 00"));
        assertThat(cut.functions()).hasSize(1);
        assertThat(cut.owned()).isTrue();
        assertThat(cut.within(11)).isTrue();
        assertThat(HotResetScope.of(bytes("0c000000 00000000 00000000")).within(11)).as("nothing is not all").isFalse();
    }

    @Test
    void interruptTriggers() {
        assertThat(hex(VfioStructures.triggers(arena, 2, List.of(17, 0x1234)))).isEqualTo(
                "1c000000" + "24000000" + "02000000" + "00000000" + "02000000" + "11000000" + "34120000");
        assertThat(hex(VfioStructures.noTriggers(arena, 1))).isEqualTo(
                "14000000" + "21000000" + "01000000" + "00000000" + "00000000");
    }

    @Test
    void iommufd() {
        MemorySegment memory = MemorySegment.ofAddress(0x1000).reinterpret(0x2000);
        assertThat(hex(VfioStructures.bindIommufd(arena, 9))).isEqualTo("10000000" + "00000000" + "09000000" + "00000000");
        assertThat(hex(VfioStructures.attach(arena, 3))).isEqualTo("0c000000" + "00000000" + "03000000");
        assertThat(hex(VfioStructures.ioasMap(arena, 3, 0x5000, memory, true, true))).isEqualTo("28000000" + "07000000" + "03000000"
                + "00000000" + "0010000000000000" + "0020000000000000" + "0050000000000000");
        assertThat(hex(VfioStructures.ioasMap(arena, 3, 0x5000, memory, false, true))).startsWith("28000000" + "03000000");
        assertThat(hex(VfioStructures.ioasUnmap(arena, 3, 0x5000, 0x2000))).isEqualTo(
                "18000000" + "03000000" + "0050000000000000" + "0020000000000000");
        assertThat(hex(VfioStructures.ioasRanges(arena, 3, 64, memory))).isEqualTo(
                "20000000" + "03000000" + "40000000" + "00000000" + "0010000000000000" + "0000000000000000");
    }

    @Test
    void regionThatMayBeMappedInParts() {
        // flags READ, WRITE, MMAP, CAPS; first capability MSIX_MAPPABLE at 0x20, then SPARSE_MMAP at 0x28 with two areas
        MemorySegment information = bytes("58000000 0f000000 02000000 20000000 0040000000000000 0000000002000000"
                + "0300 0100 28000000"
                + "0100 0100 00000000 02000000 00000000 0000000000000000 0010000000000000 0030000000000000 0010000000000000");
        VfioRegion region = VfioDevice.region(2, information);
        assertThat(region).isEqualTo(new VfioRegion(2, 0x4000, 0x2_0000_0000L, true, true,
                List.of(new Area(0, 0x1000), new Area(0x3000, 0x1000))));
        assertThat(region.mappable()).isFalse();
    }

    @Test
    void regionThatMayBeMappedWhole() {
        VfioRegion region = VfioDevice.region(0, bytes("20000000 07000000 00000000 00000000 0000100000000000 0000000000000000"));
        assertThat(region.mappable()).isTrue();
        assertThat(VfioDevice.region(0, bytes("20000000 03000000 00000000 00000000 0000100000000000 0000000000000000")).areas()).isEmpty();
    }

    @Test
    void areasOutsideTheRegionAreLeftOut() {
        MemorySegment information = bytes("60000000 0f000000 00000000 20000000 0010000000000000 0000000000000000"
                + "0100 0100 00000000 02000000 00000000 0010000000000000 0010000000000000 00f0ffffffffffff 0000000000100000");
        assertThat(VfioDevice.region(0, information).areas()).isEmpty();
    }

    @Test
    void chainsThatLieEnd() {
        MemorySegment loop = bytes("20000000 00000000 00000000 00000000 0200 0100 10000000 0000000000000000");
        assertThat(new CapabilityChain(loop, 16).has(1)).isFalse();
        assertThat(new CapabilityChain(loop, 16).has(2)).isTrue();
        assertThat(new CapabilityChain(loop, -8).has(2)).isFalse();
        assertThat(new CapabilityChain(loop, 28).has(2)).isFalse();
        MemorySegment many = bytes("0100 0100 00000000 ffffffff 00000000 0100000000000000 0200000000000000");
        assertThat(new CapabilityChain(bytes("0000000000000000" + hex(many)), 8).pairs(1).orElseThrow())
                .containsExactly(new CapabilityChain.Pair(1, 2));
        assertThat(new CapabilityChain(bytes("0000000000000000" + "0300 0100 00000000 ffff0000"), 8).number(3)).contains(65535L);
    }
}
