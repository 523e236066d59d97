package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.driver.OutOfDeviceMemoryException;
import dev.openppu.driver.fake.FakeDevice;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTablesTest {
    private static final long PAGE = 4096;
    private static final long BIG = 2 << 20;
    private static final long RW = PageTableEntry.READ | PageTableEntry.WRITE;
    private static final long UNMAPPED = -1;

    private final FakeDevice fake = new FakeDevice();
    private final DeviceAccess device = new DeviceAccess(fake);
    private final DeviceMemoryPort port = new DeviceMemoryPort(fake.runtime(), fake.bar(2), device.registers().memory(),
            FakeDevice.MEMORY_BYTES);
    private final DeviceMemoryManager memory = new DeviceMemoryManager("fake", FakeDevice.MEMORY_BYTES);

    /** Walks as a device does: only through memory. */
    private long walk(PageTables tables, long virtual) {
        long table = tables.root();
        for (int level = PageTableEntry.ROOT_LEVEL; level >= 0; level--) {
            long entry = fake.memory().get(ValueLayout.JAVA_LONG, table + 8L * PageTableEntry.index(virtual, level));
            if (!PageTableEntry.valid(entry)) {
                return UNMAPPED;
            }
            assertThat(PageTableEntry.malformed(entry, level)).isFalse();
            if (PageTableEntry.leaf(entry)) {
                assertThat(PageTableEntry.allows(entry, PageTableEntry.READ)).isTrue();
                return PageTableEntry.address(entry) + (virtual & PageTableEntry.pageBytes(level) - 1);
            }
            table = PageTableEntry.address(entry);
        }
        throw new AssertionError("a walk of five levels");
    }

    private static List<Long> unmap(PageTables tables, long virtual, long bytes) {
        List<Long> empty = new ArrayList<>();
        tables.unmap(virtual, bytes, empty::add);
        return empty;
    }

    @Test
    void mapsByTheBytesOfTheProgrammingGuide() {
        PageTables tables = new PageTables(port, memory, "test");
        tables.map(0x40_3000, 0x12_3000, PAGE, RW);
        long level2 = fake.memory().get(ValueLayout.JAVA_LONG, tables.root());
        assertThat(level2 & 0xfff).isEqualTo(0x001);
        long level1 = fake.memory().get(ValueLayout.JAVA_LONG, level2 & ~0xfffL);
        long level0 = fake.memory().get(ValueLayout.JAVA_LONG, (level1 & ~0xfffL) + 8 * 2);
        assertThat(fake.memory().get(ValueLayout.JAVA_LONG, (level0 & ~0xfffL) + 8 * 3)).isEqualTo(0x12_3017);
    }

    @Test
    void usesBigPagesWhereAlignmentAllows() {
        PageTables tables = new PageTables(port, memory, "test");
        long before = memory.used();
        tables.map(BIG, 4 * BIG, 3 * BIG, RW);
        assertThat(memory.used() - before).isEqualTo(2 * PAGE);
        assertThat(walk(tables, BIG + 0x123456)).isEqualTo(4 * BIG + 0x123456);
        assertThat(walk(tables, 4 * BIG)).isEqualTo(UNMAPPED);
    }

    @Test
    void refusesToMapTwiceAndChangesNothing() {
        PageTables tables = new PageTables(port, memory, "test");
        tables.map(5 * PAGE, 0, PAGE, RW);
        long before = memory.used();
        assertThatThrownBy(() -> tables.map(0, 64 * PAGE, 8 * PAGE, RW)).isInstanceOf(IllegalStateException.class);
        assertThat(memory.used()).isEqualTo(before);
        assertThat(walk(tables, 0)).isEqualTo(UNMAPPED);
        assertThat(walk(tables, 5 * PAGE)).isZero();
    }

    @Test
    void unmappingNamesTheTablesThatBecameEmpty() {
        PageTables tables = new PageTables(port, memory, "test");
        long before = memory.used();
        tables.map(0x7000_0000_0000L, 0, PAGE, RW);
        List<Long> empty = unmap(tables, 0x7000_0000_0000L, PAGE);
        assertThat(empty).hasSize(3);
        assertThat(walk(tables, 0x7000_0000_0000L)).isEqualTo(UNMAPPED);
        empty.forEach(memory::free);
        assertThat(memory.used()).isEqualTo(before);
        assertThatThrownBy(() -> unmap(tables, 0x7000_0000_0000L, PAGE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void runningOutOfMemoryForTablesLeavesNothingBehind() {
        PageTables tables = new PageTables(port, memory, "test");
        tables.map(0, 0, PAGE, RW);
        long hog = memory.allocate(FakeDevice.MEMORY_BYTES - memory.used() - 2 * PAGE, "hog");
        long before = memory.used();
        assertThatThrownBy(() -> tables.map(BIG - PAGE, PAGE, 3 * BIG, RW)).isInstanceOf(OutOfDeviceMemoryException.class);
        assertThat(memory.used()).isEqualTo(before);
        assertThat(walk(tables, BIG - PAGE)).isEqualTo(UNMAPPED);
        assertThat(walk(tables, 0)).isZero();
        memory.free(hog);
        tables.map(BIG - PAGE, PAGE, 3 * BIG, RW);
        assertThat(walk(tables, BIG)).isEqualTo(2 * PAGE);
    }

    @Test
    void refusesAddressesThatAreNotPagesOfTheLowerHalf() {
        PageTables tables = new PageTables(port, memory, "test");
        assertThatThrownBy(() -> tables.map(1, 0, PAGE, RW)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tables.map(0, 0, PAGE + 1, RW)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tables.map(1L << 47, 0, PAGE, RW)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tables.map((1L << 47) - PAGE, 0, 2 * PAGE, RW)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void agreesWithAMapOfPages(long seed) {
        Random random = new Random(seed);
        PageTables tables = new PageTables(port, memory, "test");
        long before = memory.used();
        TreeMap<Long, long[]> ranges = new TreeMap<>();
        for (int i = 0; i < 400; i++) {
            long virtual = random.nextInt(4096) * PAGE;
            long bytes = (1 + random.nextInt(random.nextBoolean() ? 8 : 1500)) * PAGE;
            var below = ranges.lowerEntry(virtual + bytes);
            if (below == null || below.getKey() + below.getValue()[0] <= virtual) {
                long target = (random.nextBoolean() ? virtual & BIG - 1 : 0) + BIG * random.nextInt(1000);
                tables.map(virtual, target, bytes, RW | PageTableEntry.SYSTEM);
                ranges.put(virtual, new long[]{bytes, target});
            } else {
                unmap(tables, below.getKey(), below.getValue()[0]).forEach(memory::free);
                ranges.remove(below.getKey());
            }
        }
        for (long at = 0; at < 6000 * PAGE; at += PAGE) {
            var below = ranges.floorEntry(at);
            boolean mapped = below != null && at < below.getKey() + below.getValue()[0];
            assertThat(walk(tables, at)).isEqualTo(mapped ? below.getValue()[1] + at - below.getKey() : UNMAPPED);
        }
        ranges.forEach((virtual, range) -> unmap(tables, virtual, range[0]).forEach(memory::free));
        assertThat(memory.used()).isEqualTo(before);
        tables.close();
        assertThat(memory.used()).isZero();
    }
}
