package dev.openppu.model.pcie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.model.sim.FreeRunningWorld;
import dev.openppu.model.sim.SimulatedWorld;
import dev.openppu.model.sim.World;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class DmaTest {
    private static final int MASTER = 4;

    static Stream<World> worlds() {
        return Stream.concat(IntStream.range(0, 20).mapToObj(SimulatedWorld::new), Stream.of(new FreeRunningWorld(1)));
    }

    private static TestDevice.Bench open(World world) {
        TestDevice.Bench bench = TestDevice.open(world);
        bench.link().config().write16(4, MASTER);
        return bench;
    }

    private static DmaResult read(TestDevice.Bench bench, long iova, MemorySegment into) {
        return bench.world().exclusively(() -> bench.device().host.read(iova, into));
    }

    private static DmaResult write(TestDevice.Bench bench, long iova, MemorySegment from) {
        DmaResult result = bench.world().exclusively(() -> bench.device().host.write(iova, from));
        bench.link().config().read16(0);
        return result;
    }

    private static MemorySegment bytes(int count, int value) {
        MemorySegment segment = MemorySegment.ofArray(new byte[count]);
        segment.fill((byte) value);
        return segment;
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void everyOffsetAndLengthGoesBothWaysWhole(World world) {
        try (TestDevice.Bench bench = open(world)) {
            DmaMapping memory = bench.link().dma().allocate(8192, DmaAccess.BOTH);
            for (int offset = 4090; offset < 4100; offset++) {
                for (int length = 1; length <= 20; length++) {
                    memory.memory().fill((byte) 0x77);
                    assertThat(write(bench, memory.iova() + offset, bytes(length, offset + length))).isEqualTo(DmaResult.OK);
                    assertThat(memory.memory().asSlice(offset, length).mismatch(bytes(length, offset + length))).isEqualTo(-1);
                    assertThat(memory.memory().get(ValueLayout.JAVA_BYTE, offset - 1)).isEqualTo((byte) 0x77);
                    assertThat(memory.memory().get(ValueLayout.JAVA_BYTE, offset + length)).isEqualTo((byte) 0x77);
                    MemorySegment back = bytes(length, 0);
                    assertThat(read(bench, memory.iova() + offset, back)).isEqualTo(DmaResult.OK);
                    assertThat(back.mismatch(bytes(length, offset + length))).isEqualTo(-1);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void rightsAreEnforcedInBothDirections(World world) {
        try (TestDevice.Bench bench = open(world)) {
            DmaMapping readable = bench.link().dma().allocate(4096, DmaAccess.DEVICE_READS);
            DmaMapping writable = bench.link().dma().allocate(4096, DmaAccess.DEVICE_WRITES);
            MemorySegment data = bytes(64, 5);
            assertThat(write(bench, readable.iova(), data)).isEqualTo(DmaResult.NO_RIGHT);
            assertThat(readable.memory().mismatch(bytes(4096, 0))).as("untouched").isEqualTo(-1);
            assertThat(read(bench, readable.iova(), data)).isEqualTo(DmaResult.OK);
            assertThat(data.mismatch(bytes(64, 0))).isEqualTo(-1);
            assertThat(read(bench, writable.iova(), data)).isEqualTo(DmaResult.NO_RIGHT);
            assertThat(data.mismatch(bytes(64, 0xff))).as("all ones").isEqualTo(-1);
            assertThat(write(bench, writable.iova(), bytes(64, 3))).isEqualTo(DmaResult.OK);
            assertThat(bench.link().dmaFaultCount()).isEqualTo(2);
            assertThat(bench.link().dmaFaults()).extracting(DmaFault::iova, DmaFault::write, DmaFault::reason).containsExactly(
                    org.assertj.core.groups.Tuple.tuple(readable.iova(), true, DmaResult.NO_RIGHT),
                    org.assertj.core.groups.Tuple.tuple(writable.iova(), false,
                            DmaResult.NO_RIGHT));
            assertThat(bench.link().config().read16(6) & 1 << 13).as("received master abort").isNotZero();
            bench.link().config().write16(6, 1 << 13);
            assertThat(bench.link().config().read16(6) & 1 << 13).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aRequestThatIsPartlyOutsideIsRefusedWhole(World world) {
        try (TestDevice.Bench bench = open(world)) {
            DmaMapping memory = bench.link().dma().allocate(4096, DmaAccess.BOTH);
            assertThat(write(bench, memory.iova() + 4095, bytes(2, 1))).isEqualTo(DmaResult.NOT_MAPPED);
            assertThat(write(bench, memory.iova() - 1, bytes(2, 1))).isEqualTo(DmaResult.NOT_MAPPED);
            assertThat(memory.memory().mismatch(bytes(4096, 0))).isEqualTo(-1);
            assertThat(read(bench, 0, bytes(8, 0))).isEqualTo(DmaResult.NOT_MAPPED);
            assertThat(read(bench, -8, bytes(8, 0))).isEqualTo(DmaResult.NOT_MAPPED);
            assertThat(read(bench, Long.MAX_VALUE - 3, bytes(8, 0))).isEqualTo(DmaResult.NOT_MAPPED);
            Completion completion = new Completion();
            assertThat(world.exclusively(() -> bench.device().host.read64(0x1000, completion))).isEqualTo(DmaResult.NOT_MAPPED);
            assertThat(completion.value).isEqualTo(-1L);
            assertThat(world.exclusively(() -> bench.device().host.read32(0x1000, completion))).isEqualTo(DmaResult.NOT_MAPPED);
            assertThat(completion.value).isEqualTo(0xffff_ffffL);
            assertThat(write(bench, 0xFEE0_0000L, bytes(4, 1))).as("the interrupt range is no memory").isEqualTo(DmaResult.NOT_MAPPED);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void adjacentMappingsAreOneRange(World world) {
        try (TestDevice.Bench bench = open(world); Arena arena = Arena.ofShared()) {
            MemorySegment first = arena.allocate(4096, 4096);
            MemorySegment second = arena.allocate(4096, 4096);
            DmaMapping a = bench.link().dma().map(first, 0x10_0000, DmaAccess.BOTH);
            DmaMapping b = bench.link().dma().map(second, 0x10_1000, DmaAccess.DEVICE_READS);
            assertThat(write(bench, 0x10_0ffc, bytes(8, 9))).isEqualTo(DmaResult.NO_RIGHT);
            assertThat(first.get(ValueLayout.JAVA_BYTE, 4095)).as("refused whole").isZero();
            first.set(ValueLayout.JAVA_BYTE, 4095, (byte) 1);
            second.set(ValueLayout.JAVA_BYTE, 0, (byte) 2);
            MemorySegment back = bytes(2, 0);
            assertThat(read(bench, 0x10_0fff, back)).isEqualTo(DmaResult.OK);
            assertThat(back.toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2);
            a.close();
            b.close();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void whatWasPostedBeforeAnUnmapArrivesAndNothingAfterIt(World world) {
        try (TestDevice.Bench bench = open(world); Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(4096, 4096);
            DmaMapping mapping = bench.link().dma().map(memory, DmaAccess.BOTH);
            world.exclusively(() -> bench.device().host.write64(mapping.iova(), 7));
            mapping.close();
            mapping.close();
            assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(7);
            assertThat(write(bench, mapping.iova(), bytes(8, 1))).isEqualTo(DmaResult.NOT_MAPPED);
            assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(7);
        }
    }

    @Test
    void busMasterEnableDecides() {
        try (TestDevice.Bench bench = open(new SimulatedWorld(1))) {
            DmaMapping memory = bench.link().dma().allocate(4096, DmaAccess.BOTH);
            bench.link().config().write16(4, 0);
            assertThat(write(bench, memory.iova(), bytes(8, 1))).isEqualTo(DmaResult.BUS_MASTER_OFF);
            MemorySegment data = bytes(8, 1);
            assertThat(read(bench, memory.iova(), data)).isEqualTo(DmaResult.BUS_MASTER_OFF);
            assertThat(data.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(-1);
            assertThat(bench.link().dmaFaultCount()).as("no request was sent").isZero();
        }
    }

    @Test
    void memoryThatItsOwnerFreedTooEarlyIsRefusedAndHarmsNobody() {
        try (TestDevice.Bench bench = open(new SimulatedWorld(1))) {
            DmaMapping mapping;
            try (Arena arena = Arena.ofShared()) {
                mapping = bench.link().dma().map(arena.allocate(4096, 4096), DmaAccess.BOTH);
                bench.device().host.write64(mapping.iova(), 1);
            }
            bench.link().config().read16(0);
            assertThat(write(bench, mapping.iova(), bytes(8, 1))).isEqualTo(DmaResult.NOT_MAPPED);
            assertThat(read(bench, mapping.iova(), bytes(8, 1))).isEqualTo(DmaResult.NOT_MAPPED);
            assertThat(bench.link().dmaFaultCount()).isEqualTo(3);
        }
    }

    /** Free running, worker threads of the device write while the host unmaps: once close has returned, the memory stays as it is. */
    @Test
    void anUnmapEndsRequestsOfWorkersToo() {
        try (FreeRunningWorld world = new FreeRunningWorld(1); TestDevice.Bench bench = open(world); Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(1 << 16, 4096);
            for (int round = 0; round < 100; round++) {
                DmaMapping mapping = bench.link().dma().map(memory, DmaAccess.BOTH);
                AtomicBoolean stop = new AtomicBoolean();
                AtomicLong written = new AtomicLong();
                MemorySegment pattern = bytes(1 << 16, round);
                world.offload("writer", () -> {
                    while (!stop.get() && bench.device().host.write(mapping.iova(), pattern).ok()) {
                        written.incrementAndGet();
                    }
                    return () -> {};
                });
                bench.link().runtime().await(() -> written.get() > 0, Long.MAX_VALUE);
                mapping.close();
                memory.fill((byte) 0xEE);
                Thread.onSpinWait();
                assertThat(memory.mismatch(bytes(1 << 16, 0xEE))).as("round %d", round).isEqualTo(-1);
                stop.set(true);
            }
        }
    }

    @Test
    void allocationsAreZeroedPageAlignedAndDoNotNeighbourEachOther() {
        try (TestDevice.Bench bench = open(new SimulatedWorld(1))) {
            DmaSpace dma = bench.link().dma();
            List<DmaMapping> all = new ArrayList<>();
            for (int i = 1; i < 50; i++) {
                DmaMapping mapping = dma.allocate(i * 1000L, DmaAccess.BOTH);
                assertThat(mapping.size()).isEqualTo((i * 1000L + 4095) / 4096 * 4096).isEqualTo(mapping.memory().byteSize());
                assertThat(mapping.iova() % 4096).isZero();
                assertThat(mapping.memory().address() % 4096).isZero();
                assertThat(mapping.iova()).isNotEqualTo(mapping.memory().address());
                assertThat(mapping.memory().mismatch(bytes((int) mapping.size(), 0))).isEqualTo(-1);
                mapping.memory().fill((byte) i);
                all.add(mapping);
            }
            for (DmaMapping mapping : all) {
                assertThat(read(bench, mapping.iova() + mapping.size() - 1, bytes(2, 0))).as("a guard page follows")
                        .isEqualTo(DmaResult.NOT_MAPPED);
            }
            all.forEach(DmaMapping::close);
            assertThat(dma.allocate(1 << 20, DmaAccess.BOTH).memory().mismatch(bytes(1 << 20, 0))).as("zeroed again").isEqualTo(-1);
            assertThat(all.get(0).memory().get(ValueLayout.JAVA_BYTE, 0)).as("memory given back can still be touched").isZero();
        }
    }

    @Test
    void badRequestsOfTheHostAreRefusedWithAReason() {
        try (TestDevice.Bench bench = open(new SimulatedWorld(1)); Arena shared = Arena.ofShared(); Arena confined = Arena.ofConfined()) {
            DmaSpace dma = bench.link().dma();
            MemorySegment page = shared.allocate(8192, 4096);
            assertThatThrownBy(() -> dma.allocate(0, DmaAccess.BOTH)).isInstanceOf(LinkException.class);
            assertThatThrownBy(() -> dma.allocate(-1, DmaAccess.BOTH)).isInstanceOf(LinkException.class);
            assertThatThrownBy(() -> dma.allocate(Long.MAX_VALUE, DmaAccess.BOTH)).isInstanceOf(LinkException.class);
            assertThatThrownBy(() -> dma.map(MemorySegment.ofArray(new byte[4096]), DmaAccess.BOTH)).isInstanceOf(LinkException.class)
                    .hasMessageContaining(
                            "native");
            assertThatThrownBy(() -> dma.map(page.asSlice(8, 4096), DmaAccess.BOTH)).hasMessageContaining("page-aligned");
            assertThatThrownBy(() -> dma.map(page.asSlice(0, 100), DmaAccess.BOTH)).hasMessageContaining("multiple of the page size");
            assertThatThrownBy(() -> dma.map(confined.allocate(4096, 4096), DmaAccess.BOTH)).hasMessageContaining("shared");
            assertThatThrownBy(() -> dma.map(page, 0x1001, DmaAccess.BOTH)).hasMessageContaining("aligned");
            assertThatThrownBy(() -> dma.map(page, 0, DmaAccess.BOTH)).hasMessageContaining("outside");
            assertThatThrownBy(() -> dma.map(page, 0xFEDF_F000L, DmaAccess.BOTH)).as("reaches into the interrupt range")
                    .hasMessageContaining("outside");
            assertThatThrownBy(() -> dma.map(page, 1L << 48, DmaAccess.BOTH)).hasMessageContaining("outside");
            dma.map(page, 0x20_0000, DmaAccess.BOTH);
            assertThatThrownBy(() -> dma.map(page, 0x20_1000, DmaAccess.BOTH)).hasMessageContaining("overlaps");
            assertThatThrownBy(() -> dma.map(page, 0x1F_F000, DmaAccess.BOTH)).hasMessageContaining("overlaps");
            assertThat(dma.map(page, 0x20_2000, DmaAccess.BOTH).iova()).isEqualTo(0x20_2000);
        }
    }
}
