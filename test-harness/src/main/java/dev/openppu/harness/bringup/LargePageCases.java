package dev.openppu.harness.bringup;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Leaves of 2 MiB and 1 GiB: an invalidation of a page by any address in it ends all of its old translation. */
final class LargePageCases {
    /** Under an entry of the root of its own. */
    private static final long PROBED = 1L << 41;
    /** Below it lie tables and buffers of all cases. */
    private static final long USED = 2L << 30;
    private static final long RW = PageTableEntry.READ | PageTableEntry.WRITE;
    private static final int LEVEL_BITS = 9;
    private static final int COPY = CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);

    private LargePageCases() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int level = 1; level <= PageTableEntry.HIGHEST_LEAF_LEVEL; level++) {
            int at = level;
            cases.add(Case.of("memory.invalidate.large.level-" + at, "A leaf of level " + at + ", invalidated by any address in it",
                    Rule.guide(6, "After changing a valid entry: flush, invalidate, wait; then the new entry holds for all of its page"),
                    bench -> invalidate(bench, at)));
        }
        return cases;
    }

    private static void invalidate(Bench bench, int level) {
        long size = (long) PageTableEntry.TABLE_BYTES << LEVEL_BITS * level;
        long memory = bench.registers().memory().readSize();
        long middleOfMemory = memory / 2 & -size; // the firmware has the end, cases the beginning
        long[] places = {middleOfMemory, middleOfMemory + size};
        if (places[0] < USED || places[1] + size > memory / 4 * 3) {
            throw new SkippedException("the device memory has no two pages of 0x%x bytes beside what the cases use".formatted(size));
        }
        long middle = size / 2 + 5 * PageTableEntry.TABLE_BYTES;
        long last = size - PageTableEntry.TABLE_BYTES;
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, PageTableEntry.TABLE_BYTES).memory();
            RawQueue queue = shop.queue();
            int now = 0;
            shop.space().entry(PROBED, level, PageTableEntry.leaf(level, places[now], RW));
            for (int i = 0; i < places.length; i++) {
                for (long offset : new long[]{0, middle, last}) {
                    // which flushes the entry, too
                    shop.space().poke(places[i] + offset, Patterns.bytes(Integer.BYTES, (int) (offset >>> 12) * 2 + i + 1));
                }
            }
            for (long read : new long[]{0, middle, last}) {
                for (long invalidated : new long[]{0, middle, last}) {
                    expect(shop, queue, host, read, now, "before its entry was changed");
                    now ^= 1;
                    shop.space().entry(PROBED, level, PageTableEntry.leaf(level, places[now], RW));
                    shop.space().invalidate(MmuScope.PAGE, PROBED + invalidated);
                    expect(shop, queue, host, read, now, "after its page was invalidated by offset 0x%x".formatted(invalidated));
                }
            }
        }
    }

    private static void expect(Workshop shop, RawQueue queue, MemorySegment host, long offset, int place, String when) {
        long signal = shop.signal(1);
        queue.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, PROBED + offset, Workshop.HOST, Integer.BYTES, signal));
        shop.await(signal);
        Check.bytes("the word at offset 0x%x of a large page %s".formatted(offset, when),
                Patterns.bytes(Integer.BYTES, (int) (offset >>> 12) * 2 + place + 1),
                host.asSlice(0, Integer.BYTES).toArray(ValueLayout.JAVA_BYTE));
    }
}
