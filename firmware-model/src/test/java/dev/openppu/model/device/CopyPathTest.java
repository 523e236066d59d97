package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.abi.reg.QueueError;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies between ranges whose pages are host and device memory in any order: every byte, and what is left of a copy that faults. */
class CopyPathTest {
    private static final int PAGE = 4096;
    private static final int PAGES = 96;
    private static final int BYTES = PAGES * PAGE;
    private static final long MIXED = 0x3_0000_0000L;
    private static final long MIXED_PA = 0x800_0000L;
    private static final long MIXED_IOVA = 0x50_0000_0000L;
    private static final long OUT = TestContext.HOST_VA + (8 << 20);

    private Bench bench;
    private TestContext context;
    private TestQueue queue;
    private MemorySegment host;
    /** Where a mapping begins behind a page that the host refuses. */
    private long lastHole;

    static Stream<Bench> worlds() {
        return Stream.of(Bench.simulated(41), Bench.simulated(42), Bench.freeRunning(43));
    }

    private void set(Bench world) {
        bench = world.booted();
        context = new TestContext(bench, 2);
        queue = context.queue(4).enable();
        host = bench.host.map(MIXED_IOVA, BYTES);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void everyByteComesFromWhereItShouldAndGoesThere(Bench world) {
        try (world) {
            set(world);
            Random random = new Random(17);
            mapMixed(random);
            byte[] expected = new byte[BYTES];
            byte[] in = new byte[BYTES];
            random.nextBytes(in);
            MemorySegment.copy(in, 0, context.host, ValueLayout.JAVA_BYTE, 0, BYTES);
            for (int i = 0; i < 150; i++) {
                int bytes = 1 + random.nextInt(random.nextInt(8) == 0 ? BYTES / 2 : 3 * PAGE);
                int from = random.nextInt(BYTES - bytes);
                int to = random.nextInt(BYTES - bytes);
                if (random.nextBoolean()) {
                    queue.awaitSignal(queue.copy(TestContext.HOST_VA + from, MIXED + to, bytes));
                    System.arraycopy(in, from, expected, to, bytes);
                } else if (from + bytes <= to || to + bytes <= from) {
                    queue.awaitSignal(queue.copy(MIXED + from, MIXED + to, bytes));
                    System.arraycopy(expected, from, expected, to, bytes);
                }
            }
            context.host.asSlice(8 << 20, BYTES).fill((byte) 0x55);
            queue.awaitSignal(queue.copy(true, MIXED, OUT, BYTES));
            assertThat(context.host.asSlice(8 << 20, BYTES).mismatch(MemorySegment.ofArray(expected))).isEqualTo(-1);
        }
    }

    /** Pages of both memories; some follow each other, some do not. */
    private void mapMixed(Random random) {
        List<Integer> places = new ArrayList<>();
        for (int page = 0; page < PAGES; page++) {
            places.add(page);
        }
        Collections.shuffle(places.subList(PAGES / 2, PAGES), random);
        boolean system = false;
        for (int page = 0; page < PAGES; page++) {
            system ^= random.nextInt(4) == 0;
            map(page, system, places.get(page), AddressSpaceBuilder.RW);
        }
    }

    private void map(int page, boolean system, int place, long rights) {
        long va = MIXED + (long) page * PAGE;
        if (system) {
            context.tables.system(0, va, MIXED_IOVA + (long) place * PAGE, rights);
        } else {
            context.tables.device(0, va, MIXED_PA + (long) place * PAGE, rights);
        }
    }

    /** What is wrong with one page. */
    private enum Bad {
        UNMAPPED, NO_RIGHT, REFUSED_BY_HOST
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void whatLiesBeforeAFaultIsCopiedAndNothingBehindIt(Bench world) {
        try (world) {
            set(world);
            QueueTest.fill(context.host.asSlice(0, BYTES), 5);
            for (Bad bad : Bad.values()) {
                for (boolean system : new boolean[]{true, false}) {
                    for (int page : new int[]{0, 1, 40, PAGES - 1}) {
                        if (system || bad != Bad.REFUSED_BY_HOST) {
                            faultsGoingThere(bad, system, page);
                            faultsComingFromThere(bad, system, page);
                        }
                    }
                }
            }
        }
    }

    private void faultsGoingThere(Bad bad, boolean system, int page) {
        mapAll(system, page, bad, PageTableEntry.READ);
        fillContents(system);
        int first = page == 0 ? 0 : 77;
        queue.awaitFailure(queue.copy(TestContext.HOST_VA + first, MIXED + first, BYTES - first), QueueError.MEMORY_FAULT);
        int edge = page * PAGE;
        assertThat(queue.regs.readErrorAddress()).as("%s, page %d", bad, page).isEqualTo(MIXED + edge);
        MemorySegment after = contents(system);
        assertThat(after.asSlice(first, edge - first).mismatch(context.host.asSlice(first, edge - first))).isEqualTo(-1);
        assertUntouched(after.asSlice(edge));
        again();
    }

    private void faultsComingFromThere(Bad bad, boolean system, int page) {
        mapAll(system, page, bad, PageTableEntry.WRITE);
        if (system) {
            MemorySegment.copy(context.host, 0, host, 0, BYTES);
        } else {
            bench.bar2.writeBytes(MIXED_PA, context.host.asSlice(0, BYTES));
        }
        long target = TestContext.DEVICE_VA + (1 << 20);
        MemorySegment out = context.host.asSlice(8 << 20, BYTES);
        out.fill((byte) 0x33);
        queue.awaitSignal(queue.copy(true, OUT, target, BYTES));
        queue.awaitFailure(queue.copy(MIXED, target, BYTES), QueueError.MEMORY_FAULT);
        int edge = page * PAGE;
        assertThat(queue.regs.readErrorAddress()).as("%s, page %d", bad, page).isEqualTo(MIXED + edge);
        again();
        out.fill((byte) 0);
        queue.awaitSignal(queue.copy(true, target, OUT, BYTES));
        assertThat(out.asSlice(0, edge).mismatch(contents(system).asSlice(0, edge))).isEqualTo(-1);
        assertUntouched(out.asSlice(edge));
    }

    private static void assertUntouched(MemorySegment rest) {
        assertThat(rest.toArray(ValueLayout.JAVA_BYTE)).as("no byte behind the fault, and no all ones").containsOnly(0x33);
    }

    /** Maps all pages, of one kind and together, but for the bad one. */
    private void mapAll(boolean system, int badPage, Bad bad, long rightsLeft) {
        bench.host.unmap(lastHole);
        host = bench.host.map(MIXED_IOVA, BYTES);
        if (bad == Bad.REFUSED_BY_HOST) {
            mapAround(badPage);
        }
        for (int page = 0; page < PAGES; page++) {
            map(page, system, page, page == badPage && bad == Bad.NO_RIGHT ? rightsLeft : AddressSpaceBuilder.RW);
        }
        if (bad == Bad.UNMAPPED) {
            context.tables.entry(0, MIXED + (long) badPage * PAGE, 0);
        }
        context.invalidate(MmuScope.CONTEXT, 0);
    }

    private void mapAround(int badPage) {
        bench.host.map(MIXED_IOVA, host.asSlice(0, (long) badPage * PAGE));
        lastHole = MIXED_IOVA + (badPage + 1L) * PAGE;
        bench.host.map(lastHole, host.asSlice((badPage + 1L) * PAGE));
    }

    /** What the mixed range holds: the host's bytes themselves, or device memory's as BAR2 shows it. */
    private MemorySegment contents(boolean system) {
        return system ? host : deviceContents();
    }

    private void fillContents(boolean system) {
        if (system) {
            host.fill((byte) 0x33);
        } else {
            MemorySegment bytes = deviceContents().fill((byte) 0x33);
            bench.bar2.writeBytes(MIXED_PA, bytes);
        }
    }

    private MemorySegment deviceContents() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[BYTES]);
        bench.bar2.readBytes(MIXED_PA, bytes);
        return bytes;
    }

    private void again() {
        queue.disable();
        queue.clearRing();
        queue.enable();
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void whatLiesBeforeAWordThatCannotBeReadIsCopied(Bench world) {
        try (world) {
            set(world);
            QueueTest.fill(context.host.asSlice(0, BYTES), 6);
            queue.awaitSignal(queue.copy(true, TestContext.HOST_VA, TestContext.DEVICE_VA, BYTES));
            long word = 5 * PAGE + 1024 + 8;
            bench.faults.flipBits(context.devicePa + word, 3);
            MemorySegment out = context.host.asSlice(8 << 20, BYTES);
            out.fill((byte) 0x33);
            queue.awaitFailure(queue.copy(true, TestContext.DEVICE_VA + 3, OUT + 3, BYTES - 3), QueueError.ECC_ERROR);
            assertThat(queue.regs.readErrorAddress()).isEqualTo(TestContext.DEVICE_VA + word);
            assertThat(out.asSlice(3, word - 3).mismatch(context.host.asSlice(3, word - 3))).isEqualTo(-1);
            assertUntouched(out.asSlice(word));
            again();
            queue.awaitSignal(queue.copy(true, TestContext.HOST_VA, TestContext.DEVICE_VA, BYTES));
            queue.awaitSignal(queue.copy(true, TestContext.DEVICE_VA, OUT, BYTES));
            assertThat(out.mismatch(context.host.asSlice(0, BYTES))).as("written over, it is right again").isEqualTo(-1);
        }
    }
}
