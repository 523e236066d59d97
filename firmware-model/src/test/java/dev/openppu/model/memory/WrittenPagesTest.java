package dev.openppu.model.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Held against {@link BitSet}, around the borders of words (64 pages) and pieces (32,768 pages). */
class WrittenPagesTest {
    private static final int PAGES = 3 * 32768 + 100;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void saysWhatABitSetSays(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        WrittenPages pages = new WrittenPages(PAGES);
        BitSet expected = new BitSet(PAGES);
        for (int round = 0; round < 400; round++) {
            int from = near(random);
            int to = Math.min(PAGES, from + (random.nextInt(20) == 0 ? random.nextInt(70_000) : random.nextInt(130)));
            boolean add = random.nextInt(3) > 0;
            for (int page = from; page < to; page++) {
                if (add) {
                    pages.add(page);
                } else {
                    pages.remove(page);
                }
            }
            expected.set(from, to, add);
            compare(pages, expected, near(random), near(random));
        }
        pages.clear();
        compare(pages, new BitSet(), 0, PAGES);
    }

    private static int near(SplittableRandom random) {
        int border = switch (random.nextInt(4)) {
            case 0 -> 32768 * random.nextInt(4);
            case 1 -> 64 * random.nextInt(PAGES / 64);
            case 2 -> PAGES;
            default -> random.nextInt(PAGES);
        };
        return Math.clamp(border + random.nextInt(-2, 3), 0, PAGES - 1);
    }

    private static void compare(WrittenPages pages, BitSet expected, int a, int b) {
        int from = Math.min(a, b);
        int limit = Math.max(a, b);
        assertThat(pages.has(from)).isEqualTo(expected.get(from));
        assertThat(pages.runEnd(from, true, limit)).isEqualTo(Math.min(limit, expected.nextClearBit(from)));
        int nextSet = expected.nextSetBit(from);
        assertThat(pages.runEnd(from, false, limit)).isEqualTo(nextSet < 0 ? limit : Math.min(limit, nextSet));
    }

    @Test
    void theLastPageOfAPieceIsNotTheFirstOfTheNext() {
        WrittenPages pages = new WrittenPages(PAGES);
        pages.add(32767);
        assertThat(pages.has(32767)).isTrue();
        assertThat(pages.has(32768)).isFalse();
        assertThat(pages.runEnd(0, false, PAGES)).isEqualTo(32767);
        assertThat(pages.runEnd(32767, true, PAGES)).isEqualTo(32768);
        assertThat(pages.runEnd(32768, false, PAGES)).isEqualTo(PAGES);
    }
}
