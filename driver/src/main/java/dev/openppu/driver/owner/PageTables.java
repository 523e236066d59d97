package dev.openppu.driver.owner;

import static dev.openppu.abi.memory.PageTableEntry.ENTRIES;
import static dev.openppu.abi.memory.PageTableEntry.HIGHEST_LEAF_LEVEL;
import static dev.openppu.abi.memory.PageTableEntry.ROOT_LEVEL;
import static dev.openppu.abi.memory.PageTableEntry.TABLE_BYTES;

import dev.openppu.abi.memory.PageTableEntry;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The page tables of one address space: a tree in device memory, written through the port, with a copy on the host so that nothing is read back.
 *
 * <p>A new table is written whole, in one piece, before the entry that points to it, so the device never walks through a half-written one; in a table that the device can reach, what changes by one call is
 * written in one piece too. Unmapping clears entries; the tables that became empty, and the pages, may be used again only after the caller flushed the writes and invalidated the translations. Not
 * thread-safe.
 */
public final class PageTables implements AutoCloseable {
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private final DeviceMemoryPort port;
    private final DeviceMemoryManager memory;
    private final String object;
    private final Table root;

    /** One table and what the host knows of it. */
    private static final class Table {
        private final long address;
        private final int level;
        private final long[] entries = new long[ENTRIES];
        private final @Nullable Table @Nullable [] children;
        private int used;
        /** Entries that changed and are not written yet: from the first to before the end. */
        private int dirtyFirst = ENTRIES;
        private int dirtyEnd;
        /** The device can reach it: entries are written as they change. */
        private boolean linked;

        Table(long address, int level) {
            this.address = address;
            this.level = level;
            this.children = level > 0 ? new Table[ENTRIES] : null;
        }

        void dirty(int first, int end) {
            dirtyFirst = Math.min(dirtyFirst, first);
            dirtyEnd = Math.max(dirtyEnd, end);
        }

        void clean() {
            dirtyFirst = ENTRIES;
            dirtyEnd = 0;
        }

        @Nullable
        Table child(int index) {
            return children == null ? null : children[index];
        }
    }

    /** @param object whose tables these are, for messages */
    public PageTables(DeviceMemoryPort port, DeviceMemoryManager memory, String object) {
        this.port = port;
        this.memory = memory;
        this.object = object;
        this.root = newTable(ROOT_LEVEL);
        link(root);
    }

    /** Device memory address of the root. */
    public long root() {
        return root.address;
    }

    /**
     * Maps a range by the largest pages that alignment allows.
     *
     * @param virtual 4 KiB aligned
     * @param target device memory address or IOVA, 4 KiB aligned
     * @param bytes a multiple of 4 KiB
     * @param flags {@code READ}, {@code WRITE}, {@code EXECUTE}, {@code SYSTEM} of {@link PageTableEntry}
     * @throws IllegalStateException if a page of the range is mapped already; nothing is changed then
     * @throws dev.openppu.driver.OutOfDeviceMemoryException if there is no room for tables; nothing is changed then
     */
    public void map(long virtual, long target, long bytes, long flags) {
        requirePages(virtual, bytes);
        if (!unmapped(root, virtual, virtual + bytes)) {
            throw new IllegalStateException("0x%x + 0x%x of %s is mapped already, at least in part".formatted(virtual, bytes, object));
        }
        try {
            map(root, virtual, virtual + bytes, target - virtual, flags);
        } catch (RuntimeException e) {
            List<Long> empty = new ArrayList<>();
            try {
                clear(root, virtual, virtual + bytes, false, empty::add);
            } finally {
                empty.forEach(memory::free);
            }
            throw e;
        }
    }

    /**
     * Unmaps a range that was mapped.
     *
     * @param emptied gets the addresses of the tables that became empty, to be freed after the translations were invalidated; of a link that fails meanwhile those that did until then
     */
    public void unmap(long virtual, long bytes, LongConsumer emptied) {
        requirePages(virtual, bytes);
        clear(root, virtual, virtual + bytes, true, emptied);
    }

    /** Gives all tables back; the device must not use them any more. */
    @Override
    public void close() {
        free(root);
    }

    private void map(Table table, long from, long end, long delta, long flags) {
        if (table.level == 0) {
            fill(table, from, end, delta, flags);
        } else {
            mapAbove(table, from, end, delta, flags);
        }
        write(table);
    }

    /** Pages of one lowest table: consecutive entries with consecutive targets. */
    private static void fill(Table table, long from, long end, long delta, long flags) {
        int first = PageTableEntry.index(from, 0);
        int count = (int) ((end - from) / TABLE_BYTES);
        long[] entries = table.entries;
        long entry = PageTableEntry.leaf(0, from + delta, flags);
        PageTableEntry.leaf(0, end - TABLE_BYTES + delta, flags); // addresses between the first and the last are addresses, too
        for (int i = first; i < first + count; i++) {
            entries[i] = entry;
            entry += TABLE_BYTES;
        }
        table.used += count;
        table.dirty(first, first + count);
    }

    private void mapAbove(Table table, long from, long end, long delta, long flags) {
        long span = PageTableEntry.pageBytes(table.level);
        for (long at = from; at < end;) {
            long next = Math.min(end, (at & -span) + span);
            int index = PageTableEntry.index(at, table.level);
            if (table.level <= HIGHEST_LEAF_LEVEL && next - at == span && (at + delta & span - 1) == 0) {
                set(table, index, PageTableEntry.leaf(table.level, at + delta, flags));
            } else {
                mapBelow(table, index, at, next, delta, flags);
            }
            at = next;
        }
    }

    private void mapBelow(Table table, int index, long from, long end, long delta, long flags) {
        Table child = table.child(index);
        if (child != null) {
            map(child, from, end, delta, flags);
            return;
        }
        Table fresh = newTable(table.level - 1);
        try {
            map(fresh, from, end, delta, flags);
            link(fresh);
        } catch (RuntimeException e) {
            free(fresh);
            throw e;
        }
        adopt(table, index, fresh);
    }

    private void adopt(Table table, int index, Table child) {
        if (table.children == null) {
            throw new IllegalStateException("a table of level 0 has no children");
        }
        table.children[index] = child;
        set(table, index, PageTableEntry.table(child.address));
    }

    private boolean unmapped(Table table, long from, long end) {
        long span = PageTableEntry.pageBytes(table.level);
        for (long at = from; at < end;) {
            long next = Math.min(end, (at & -span) + span);
            int index = PageTableEntry.index(at, table.level);
            Table child = table.child(index);
            if (child == null ? PageTableEntry.valid(table.entries[index]) : !unmapped(child, at, next)) {
                return false;
            }
            at = next;
        }
        return true;
    }

    /** Clears what is mapped in the range; {@code strict} throws where something is not, or where a page sticks out. */
    private void clear(Table table, long from, long end, boolean strict, LongConsumer emptied) {
        long span = PageTableEntry.pageBytes(table.level);
        for (long at = from; at < end;) {
            long next = Math.min(end, (at & -span) + span);
            int index = PageTableEntry.index(at, table.level);
            Table child = table.child(index);
            if (child != null) {
                clear(child, at, next, strict, emptied);
                dropIfEmpty(table, index, child, emptied);
            } else if (PageTableEntry.valid(table.entries[index]) && next - at == span) {
                set(table, index, 0);
            } else if (strict) {
                throw new IllegalStateException("0x%x of %s is not mapped as a whole page".formatted(at, object));
            }
            at = next;
        }
        if (table.used > 0 || table == root) { // an empty one is not reached any more once its parent is written
            write(table);
        }
    }

    private void dropIfEmpty(Table table, int index, Table child, LongConsumer emptied) {
        if (child.used == 0 && table.children != null) {
            table.children[index] = null;
            set(table, index, 0);
            emptied.accept(child.address);
        }
    }

    private static void set(Table table, int index, long entry) {
        table.used += (PageTableEntry.valid(entry) ? 1 : 0) - (PageTableEntry.valid(table.entries[index]) ? 1 : 0);
        table.entries[index] = entry;
        table.dirty(index, index + 1);
    }

    private Table newTable(int level) {
        return new Table(memory.allocate(TABLE_BYTES, "page tables of " + object), level);
    }

    /** Writes the whole table; from now on the device may reach it. */
    private void link(Table table) {
        port.write(table.address, image(table.entries));
        table.linked = true;
        table.clean();
    }

    /** Writes what changed, if the device can reach the table. */
    private void write(Table table) {
        if (table.linked && table.dirtyFirst < table.dirtyEnd) {
            long offset = (long) table.dirtyFirst * PageTableEntry.BYTES;
            if (table.dirtyEnd - table.dirtyFirst == 1) {
                port.write64(table.address + offset, table.entries[table.dirtyFirst]);
            } else {
                long bytes = (long) (table.dirtyEnd - table.dirtyFirst) * PageTableEntry.BYTES;
                port.write(table.address + offset, image(table.entries).asSlice(offset, bytes));
            }
            table.clean();
        }
    }

    /** Entries as they stand in device memory. */
    private static MemorySegment image(long[] entries) {
        if (LITTLE_ENDIAN) {
            return MemorySegment.ofArray(entries);
        }
        long[] swapped = new long[entries.length];
        for (int i = 0; i < entries.length; i++) {
            swapped[i] = Long.reverseBytes(entries[i]);
        }
        return MemorySegment.ofArray(swapped);
    }

    private void free(Table table) {
        if (table.children != null) {
            for (Table child : table.children) {
                if (child != null) {
                    free(child);
                }
            }
        }
        memory.free(table.address);
    }

    private static void requirePages(long virtual, long bytes) {
        boolean pages = (virtual & TABLE_BYTES - 1) == 0 && (bytes & TABLE_BYTES - 1) == 0 && bytes > 0;
        if (!pages || !PageTableEntry.canonical(virtual) || !PageTableEntry.canonical(virtual + bytes - 1)) {
            throw new IllegalArgumentException("0x%x + 0x%x are not whole pages of the lower half".formatted(virtual, bytes));
        }
    }
}
