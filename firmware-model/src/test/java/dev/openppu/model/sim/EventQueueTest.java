package dev.openppu.model.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class EventQueueTest {
    private record Entry(long time, long rank) {}

    @RepeatedTest(20)
    void itIsAPriorityQueueByTimeThenRank(RepetitionInfo repetition) {
        Chance chance = new Chance(repetition.getCurrentRepetition());
        EventQueue queue = new EventQueue();
        PriorityQueue<Entry> expected = new PriorityQueue<>(Comparator.comparingLong(Entry::time).thenComparingLong(Entry::rank));
        List<Entry> ran = new ArrayList<>();
        List<Entry> wanted = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            if (chance.oneIn(3) && !expected.isEmpty()) {
                wanted.add(expected.remove());
                assertThat(queue.firstTime()).isEqualTo(wanted.getLast().time);
                queue.removeFirst().run();
            } else {
                Entry entry = new Entry(chance.below(100), (long) i << 8 | chance.below(256));
                expected.add(entry);
                queue.add(entry.time, entry.rank, "e", () -> ran.add(entry));
            }
        }
        while (!queue.isEmpty()) {
            wanted.add(expected.remove());
            queue.removeFirst().run();
        }
        assertThat(ran).isEqualTo(wanted);
    }

    @Test
    void clearedItIsEmptyAndCanBeUsedAgain() {
        EventQueue queue = new EventQueue();
        queue.add(1, 1, "a", () -> {});
        queue.clear();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.firstIsBefore(100, 0)).isFalse();
        queue.add(2, 2, "b", () -> {});
        assertThat(queue.firstLabel()).isEqualTo("b");
    }
}
