package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.RetirementRegs;
import dev.openppu.abi.reg.RetirementRegs.Entry;
import dev.openppu.harness.Check;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.bench.Bench;
import java.util.List;
import java.util.stream.IntStream;

/** The list of retired pages as a device whose firmware runs shows it. */
final class RetiredPages {
    /** Bytes of a page. */
    static final long PAGE = 4096;
    /** So many pages fit the list (docs/device.md, section 6). */
    static final int MOST = RetirementRegs.ENTRY_COUNT;

    private RetiredPages() {}

    /** The valid entries, in a row from the first on. */
    static List<Long> entries(Bench bench) {
        RetirementRegs list = bench.registers().retirement();
        return IntStream.range(0, MOST).mapToLong(list::readEntry).filter(Entry::valid).boxed().toList();
    }

    /** The entry of a page that is retired and no more in use. */
    static long entry(long page, boolean uncorrectable) {
        return Entry.withCause(Entry.withValid(page, true), uncorrectable);
    }

    static boolean listed(Bench bench, long page) {
        return entries(bench).stream().anyMatch(entry -> (entry & Entry.PAGE_MASK) == page);
    }

    /** Bytes of device memory below the firmware's. */
    static long usable(Bench bench) {
        MemoryRegs memory = bench.registers().memory();
        return memory.readSize() - Integer.toUnsignedLong(memory.readReserved()) * PAGE;
    }

    /**
     * The highest page that the list does not have, the last two left out.
     *
     * @throws SkippedException if the list is full
     */
    static long unlisted(Bench bench) {
        if (entries(bench).size() == MOST) {
            throw new SkippedException("the list of retired pages is full");
        }
        long page = usable(bench) - 3 * PAGE;
        while (listed(bench, page)) {
            page -= PAGE;
        }
        return page;
    }

    /** Compares the list and its counts with what they have to be when nothing is pending. */
    static void expect(Bench bench, String when, List<Long> expected) {
        Check.equal("valid words of retirement.entry when the page was " + when, expected, entries(bench));
        int counts = bench.registers().memory().readRetired();
        Check.equal("memory.retired.pages when the page was " + when, expected.size(), MemoryRegs.Retired.pages(counts));
        Check.equal("memory.retired.pending when the page was " + when, 0, MemoryRegs.Retired.pending(counts));
    }
}
