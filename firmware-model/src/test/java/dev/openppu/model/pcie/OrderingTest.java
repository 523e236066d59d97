package dev.openppu.model.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.model.sim.FreeRunningWorld;
import dev.openppu.model.sim.SimulatedWorld;
import dev.openppu.model.sim.World;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PCIe's ordering (invariant 4) under 200 seeds, and free running. */
@Timeout(120)
class OrderingTest {
    private static final int SEEDS = 200;
    private static final int MEMORY_AND_MASTER = 6;
    private static final long DOORBELL = 0x100;
    private static final long STATUS = 0x108;

    static Stream<World> worlds() {
        return Stream.concat(IntStream.range(0, SEEDS).mapToObj(SimulatedWorld::new),
                IntStream.range(0, 5).mapToObj(FreeRunningWorld::new));
    }

    private static TestDevice.Bench open(World world) {
        TestDevice.Bench bench = TestDevice.open(world);
        bench.link().config().write16(4, MEMORY_AND_MASTER);
        return bench;
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void postedWritesArriveInTheirOrderAndAReadComesAfterThem(World world) {
        try (TestDevice.Bench bench = open(world)) {
            Mmio bar = bench.link().bar(0);
            bench.device().accesses.clear();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                bar.write32(8L * (i % 5), i);
                expected.add("w" + 8 * (i % 5) + "=" + i);
            }
            assertThat(bar.read32(8)).isEqualTo(16);
            expected.add("r8");
            assertThat(bench.device().accesses).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aConfigReadPushesPostedWritesAhead(World world) {
        try (TestDevice.Bench bench = open(world)) {
            Mmio bar = bench.link().bar(0);
            bench.device().accesses.clear();
            bar.write32(0, 1);
            bar.writeBytes(16, MemorySegment.ofArray(new byte[]{1, 2, 3, 4, 5, 6, 7, 8}));
            bench.link().config().read16(0);
            world.exclusively(() -> assertThat(bench.device().accesses).hasSize(2));
        }
    }

    /** The device answers a doorbell with data, then an interrupt: who has seen the counter move must see the data. */
    @ParameterizedTest
    @MethodSource("worlds")
    void aCompletionsDataIsVisibleBeforeItsInterrupt(World world) {
        try (TestDevice.Bench bench = open(world)) {
            DmaMapping ring = bench.link().dma().allocate(1 << 16, DmaAccess.DEVICE_WRITES);
            bench.link().interrupts().enable(2);
            bench.device().onWrite(DOORBELL, packet -> bench.device().run(() -> {
                MemorySegment burst = MemorySegment.ofArray(new byte[512]);
                burst.fill((byte) packet);
                assertThat(bench.device().host.write(ring.iova(), burst)).isEqualTo(DmaResult.OK);
                assertThat(bench.device().host.write64(ring.iova() + 1024, packet)).isEqualTo(DmaResult.OK);
                bench.device().host.interrupt(1);
            }));
            Mmio bar = bench.link().bar(0);
            for (int packet = 1; packet <= 20; packet++) {
                long seen = bench.link().interrupts().delivered(1);
                bar.write32(DOORBELL, packet);
                assertThat(bench.link().runtime().await(() -> bench.link().interrupts().delivered(1) != seen,
                        bench.link().runtime().deadline(5_000_000_000L)))
                        .isTrue();
                assertThat(ring.memory().get(ValueLayout.JAVA_LONG, 1024)).isEqualTo(packet);
                assertThat(ring.memory().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) packet);
                assertThat(ring.memory().get(ValueLayout.JAVA_BYTE, 511)).isEqualTo((byte) packet);
            }
            assertThat(bench.link().interrupts().delivered(0)).isZero();
        }
    }

    /** The later of two words is there only together with the earlier: polled, without an interrupt. */
    @ParameterizedTest
    @MethodSource("worlds")
    void deviceWritesArriveInTheirOrder(World world) {
        try (TestDevice.Bench bench = open(world)) {
            DmaMapping memory = bench.link().dma().allocate(4096, DmaAccess.DEVICE_WRITES);
            bench.device().onWrite(DOORBELL, n -> {
                bench.device().host.write32(memory.iova(), (int) n);
                bench.device().host.write(memory.iova() + 100, MemorySegment.ofArray(new byte[]{(byte) n, (byte) n, (byte) n}));
                bench.device().host.write64(memory.iova() + 8, n);
            });
            Mmio bar = bench.link().bar(0);
            for (int n = 1; n <= 20; n++) {
                int wanted = n;
                bar.write32(DOORBELL, n);
                assertThat(bench.link().runtime()
                        .await(() -> (long) ValueLayout.JAVA_LONG.varHandle().getAcquire(memory.memory(), 8L) == wanted, bench.link()
                                .runtime().deadline(5_000_000_000L)))
                        .isTrue();
                assertThat(memory.memory().get(ValueLayout.JAVA_INT, 0)).isEqualTo(n);
                assertThat(memory.memory().get(ValueLayout.JAVA_BYTE, 102)).isEqualTo((byte) n);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aReadsCompletionPushesDeviceWritesAhead(World world) {
        try (TestDevice.Bench bench = open(world)) {
            DmaMapping memory = bench.link().dma().allocate(4096, DmaAccess.DEVICE_WRITES);
            bench.device().onWrite(DOORBELL, n -> {
                bench.device().host.write64(memory.iova(), n);
                bench.device().register(STATUS, n);
            });
            Mmio bar = bench.link().bar(0);
            for (int n = 1; n <= 10; n++) {
                bar.write32(DOORBELL, n);
                assertThat(bar.read32(STATUS)).isEqualTo(n);
                assertThat(memory.memory().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(n);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aDeviceReadSeesItsOwnEarlierWritesAndTheHostsBeforeTheDoorbell(World world) {
        try (TestDevice.Bench bench = open(world)) {
            DmaMapping memory = bench.link().dma().allocate(4096, DmaAccess.BOTH);
            List<Long> seen = new ArrayList<>();
            bench.device().onWrite(DOORBELL, n -> {
                Completion completion = new Completion();
                bench.device().host.write64(memory.iova() + 8, n * 2);
                bench.device().host.read64(memory.iova() + 8, completion);
                seen.add(completion.value);
                bench.device().host.read64(memory.iova() + 16, completion);
                seen.add(completion.value);
            });
            Mmio bar = bench.link().bar(0);
            memory.memory().set(ValueLayout.JAVA_LONG, 16, 99);
            bar.write32(DOORBELL, 7);
            bar.read32(0);
            assertThat(world.exclusively(() -> List.copyOf(seen))).containsExactly(14L, 99L);
        }
    }

    /** Without this the tests above would show nothing: before the flush a posted write and a device write really are under way. */
    @Test
    void underTheSimulatedClockPostedWritesReallyAreUnderWay() {
        int doorbellsUnderWay = 0;
        int dataUnderWay = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            try (TestDevice.Bench bench = open(new SimulatedWorld(seed))) {
                DmaMapping memory = bench.link().dma().allocate(4096, DmaAccess.DEVICE_WRITES);
                Mmio bar = bench.link().bar(0);
                bar.write32(0, 1);
                doorbellsUnderWay += bench.device().register(0) == 0 ? 1 : 0;
                bench.device().host.write64(memory.iova(), 5);
                dataUnderWay += memory.memory().get(ValueLayout.JAVA_LONG, 0) == 0 ? 1 : 0;
            }
        }
        assertThat(doorbellsUnderWay).isEqualTo(SEEDS);
        assertThat(dataUnderWay).isEqualTo(SEEDS);
    }

    @Test
    void severalHostThreadsShareADeviceAndTheSeedDecidesTheirOrder() {
        Set<List<String>> orders = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            List<String> order = accessesOfThreeThreads(seed);
            assertThat(accessesOfThreeThreads(seed)).as("seed %d again", seed).isEqualTo(order);
            for (int thread = 0; thread < 3; thread++) {
                String mine = "w" + 8 * thread;
                assertThat(order.stream().filter(a -> a.startsWith(mine + "=")).toList())
                        .isEqualTo(IntStream.range(0, 10).mapToObj(i -> mine + "=" + i)
                                .toList());
            }
            orders.add(order);
        }
        assertThat(orders).hasSize(20);
    }

    private static List<String> accessesOfThreeThreads(int seed) {
        try (TestDevice.Bench bench = open(new SimulatedWorld(seed))) {
            bench.device().accesses.clear();
            Mmio bar = bench.link().bar(0);
            AtomicBoolean go = new AtomicBoolean();
            List<LinkRuntime.Worker> workers = IntStream.range(0, 3).mapToObj(thread -> bench.link().runtime().start("t" + thread, () -> {
                bench.link().runtime().await(go::get, LinkRuntime.NEVER);
                for (int i = 0; i < 10; i++) {
                    bar.write32(8L * thread, i);
                    if (i % 4 == 3) {
                        bar.read32(0);
                    }
                }
            })).toList();
            go.set(true);
            workers.forEach(w -> w.join(LinkRuntime.NEVER));
            bar.read32(0);
            return List.copyOf(bench.device().accesses);
        }
    }

    @Test
    void theTraceShowsEveryAccessDmaAndInterruptAndIsTheSameForTheSameSeed() {
        String first = trace(3);
        assertThat(trace(3)).isEqualTo(first);
        assertThat(trace(4)).isNotEqualTo(first);
        assertThat(first).contains("host mmio-write bar0+0x100 r256 bytes=4 = 0x1", "pcie dma-write iova=", "pcie irq-sent vector=0",
                "pcie irq-arrives",
                "host config-read 0x000", "pcie reset COLD", "host iova-map", "host mmio-read bar0+0x108");
    }

    private static String trace(int seed) {
        StringWriter out = new StringWriter();
        try (TestDevice.Bench bench = open(new SimulatedWorld(seed, 1, out))) {
            DmaMapping memory = bench.link().dma().allocate(4096, DmaAccess.BOTH);
            bench.link().interrupts().enable(1);
            bench.device().onWrite(DOORBELL, n -> {
                bench.device().host.write64(memory.iova(), n);
                bench.device().host.interrupt(0);
            });
            Mmio bar = bench.link().bar(0);
            for (int n = 1; n < 5; n++) {
                bar.write32(DOORBELL, n);
                bar.read32(STATUS);
            }
        }
        return out.toString();
    }
}
