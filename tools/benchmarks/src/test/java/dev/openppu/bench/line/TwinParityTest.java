package dev.openppu.bench.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.reference.ReferenceDevice;
import dev.openppu.twin.TwinLibrary;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** That Java and C, measured beside each other, have done the same. */
class TwinParityTest {

    @Test
    void bothBuildTablesOfTheSamePages() {
        assumeTrue(TwinLibrary.absence().isEmpty(), () -> "no C twins: " + TwinLibrary.absence().orElseThrow());
        try (PageTableContest contest = new PageTableContest()) {
            contest.java();
            Map<Long, Long> java = pages(contest.memory());
            contest.memory().fill((byte) 0);
            contest.c();
            Map<Long, Long> c = pages(contest.memory());

            assertThat(java).hasSize(1 << 18);
            assertThat(c.equals(java)).as("the same pages").isTrue();
        }
    }

    /** Leaf entries by virtual address. The root is the first table that either of them takes. */
    private static Map<Long, Long> pages(MemorySegment memory) {
        Map<Long, Long> pages = new TreeMap<>();
        walk(memory, 0, PageTableEntry.ROOT_LEVEL, 0, pages);
        return pages;
    }

    private static void walk(MemorySegment memory, long table, int level, long address, Map<Long, Long> pages) {
        for (int i = 0; i < PageTableEntry.ENTRIES; i++) {
            long entry = memory.get(ValueLayout.JAVA_LONG, table + 8L * i);
            long at = address + i * PageTableEntry.pageBytes(level);
            if (!PageTableEntry.valid(entry)) {
                continue;
            }
            if (level == 0) {
                pages.put(at, entry);
            } else {
                walk(memory, entry & ~0xfffL, level - 1, at, pages);
            }
        }
    }

    @Test
    void bothReadAndWriteTheSameRegister() {
        assumeTrue(TwinLibrary.absence().isEmpty(), () -> "no C twins: " + TwinLibrary.absence().orElseThrow());
        try (RegisterContest contest = new RegisterContest()) {
            contest.java();
            int afterJava = contest.sum();
            contest.c();

            assertThat(contest.sum() - afterJava).as("C reads what Java wrote last, as often")
                    .isEqualTo((int) ((RegisterContest.ACCESSES - 1) * RegisterContest.ACCESSES));
        }
    }

    @Test
    void allBindingsReadTheSameRegister() {
        assumeTrue(TwinLibrary.absence().isEmpty() && ReferenceDevice.library().absence().isEmpty());
        try (LibraryContest contest = new LibraryContest()) {
            contest.java();
            int afterJava = contest.sum();
            contest.c();

            assertThat(afterJava).as("the magic number, by FFM and by JNA").isEqualTo((int) (2L * LibraryContest.ACCESSES * 0x5550504F));
            assertThat(contest.sum() - afterJava).as("the same, by C").isEqualTo((int) (1L * LibraryContest.ACCESSES * 0x5550504F));
        }
    }
}
