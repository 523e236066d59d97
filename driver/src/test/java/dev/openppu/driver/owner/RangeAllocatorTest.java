package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeAllocatorTest {
    @Test
    void takesTheSmallestBlockThatFits() {
        RangeAllocator ranges = new RangeAllocator(0, 0x10000);
        long a = ranges.allocate(0x3000, 0x1000).orElseThrow();
        ranges.allocate(0x1000, 0x1000).orElseThrow();
        ranges.free(a);
        assertThat(ranges.allocate(0x2000, 0x1000)).hasValue(a);
    }

    @Test
    void joinsFreedNeighbours() {
        RangeAllocator ranges = new RangeAllocator(0x1000, 0x3000);
        long a = ranges.allocate(0x1000, 1).orElseThrow();
        long b = ranges.allocate(0x1000, 1).orElseThrow();
        long c = ranges.allocate(0x1000, 1).orElseThrow();
        ranges.free(a);
        ranges.free(c);
        assertThat(ranges.largest()).isEqualTo(0x1000);
        ranges.free(b);
        assertThat(ranges.largest()).isEqualTo(0x3000);
        assertThat(ranges.allocate(0x3000, 0x1000)).hasValue(0x1000);
    }

    @Test
    void refusesWhatWasNotHandedOut() {
        RangeAllocator ranges = new RangeAllocator(0, 0x4000);
        long a = ranges.allocate(0x1000, 0x1000).orElseThrow();
        ranges.free(a);
        assertThatThrownBy(() -> ranges.free(a)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ranges.allocate(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ranges.allocate(1, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverOverlapsAndLosesNothing(long seed) {
        Random random = new Random(seed);
        long size = 1 << 20;
        RangeAllocator ranges = new RangeAllocator(0x5000, size);
        TreeMap<Long, Long> model = new TreeMap<>();
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(5) < 3) {
                long bytes = 1L + random.nextInt(20_000);
                long alignment = 1L << random.nextInt(14);
                OptionalLong got = ranges.allocate(bytes, alignment);
                if (got.isPresent()) {
                    insert(model, got.getAsLong(), bytes, alignment, size);
                }
            } else if (!model.isEmpty()) {
                List<Long> keys = new ArrayList<>(model.keySet());
                long address = keys.get(random.nextInt(keys.size()));
                assertThat(ranges.free(address)).isEqualTo(model.remove(address));
            }
            assertThat(ranges.freeBytes()).isEqualTo(size - model.values().stream().mapToLong(Long::longValue).sum());
        }
        List.copyOf(model.keySet()).forEach(ranges::free);
        assertThat(ranges.largest()).isEqualTo(size);
        assertThat(ranges.count()).isZero();
    }

    private static void insert(TreeMap<Long, Long> model, long address, long bytes, long alignment, long size) {
        assertThat(address % alignment).isZero();
        assertThat(address).isGreaterThanOrEqualTo(0x5000);
        assertThat(address + bytes).isLessThanOrEqualTo(0x5000 + size);
        Map.Entry<Long, Long> before = model.lowerEntry(address + bytes);
        assertThat(before == null || before.getKey() + before.getValue() <= address).isTrue();
        model.put(address, bytes);
    }
}
