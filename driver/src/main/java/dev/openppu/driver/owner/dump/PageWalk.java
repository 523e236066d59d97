package dev.openppu.driver.owner.dump;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.driver.owner.DeviceMemoryPort;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Walks page tables as the device would, reading device memory; trusts no entry. */
final class PageWalk {
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private PageWalk() {}

    /**
     * One step for each level, from the root to where the walk ends.
     *
     * @param before runs before each step; what it throws ends the walk
     */
    static List<Map<String, Object>> of(DeviceMemoryPort port, long root, long address, Runnable before) {
        List<Map<String, Object>> steps = new ArrayList<>();
        long table = root;
        MemorySegment entryBytes = MemorySegment.ofArray(new byte[PageTableEntry.BYTES]);
        for (int level = PageTableEntry.ROOT_LEVEL; level >= 0; level--) {
            long at = table + (long) PageTableEntry.index(address, level) * PageTableEntry.BYTES;
            if (at < 0 || at > port.memoryBytes() - PageTableEntry.BYTES) {
                steps.add(new TreeMap<>(
                        Map.of("level", level, "problem", "the table at " + PacketText.hex(table) + " is outside device memory")));
                return steps;
            }
            before.run();
            port.read(at, entryBytes);
            long entry = entryBytes.get(LE64, 0);
            steps.add(new TreeMap<>(
                    Map.of("level", level, "at", PacketText.hex(at), "entry", PacketText.hex(entry), "meaning", meaning(entry, level))));
            if (!PageTableEntry.valid(entry) || PageTableEntry.leaf(entry) || PageTableEntry.malformed(entry, level)) {
                return steps;
            }
            table = PageTableEntry.address(entry);
        }
        return steps;
    }

    private static String meaning(long entry, int level) {
        if (!PageTableEntry.valid(entry)) {
            return "not valid";
        }
        if (PageTableEntry.malformed(entry, level)) {
            return "malformed";
        }
        if (!PageTableEntry.leaf(entry)) {
            return "table at " + PacketText.hex(PageTableEntry.address(entry));
        }
        return String.format(Locale.ROOT, "page of %d KiB at %s%s, rights %s%s%s", PageTableEntry.pageBytes(level) >> 10,
                PageTableEntry.system(entry) ? "IOVA " : "", PacketText.hex(PageTableEntry.address(entry)),
                PageTableEntry.allows(entry, PageTableEntry.READ) ? "r" : "-",
                PageTableEntry.allows(entry, PageTableEntry.WRITE) ? "w" : "-",
                PageTableEntry.allows(entry, PageTableEntry.EXECUTE) ? "x" : "-");
    }
}
