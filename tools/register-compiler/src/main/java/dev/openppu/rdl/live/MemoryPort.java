package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.path.LocatedNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The contents of one memory: pages come into being when something other than 0 is written to them. Bytes go up from the lowest bits
 * of an entry; bits of an entry beyond {@code memwidth} do not exist.
 */
final class MemoryPort {

    private static final int PAGE_BITS = 12;
    private static final int WORDS = 1 << PAGE_BITS - 3;

    final long start;
    final long size;
    /** Whether registers lie over it. */
    final boolean hasVirtualRegisters;
    private final boolean readable;
    private final boolean writable;
    private final long entryBytes;
    private final int width;
    private final PageMap<long[]> pages = new PageMap<>();
    @Nullable
    ExternalRegisters outside;

    MemoryPort(LocatedNode node) {
        Memory memory = (Memory) node.node();
        this.start = node.address();
        this.size = memory.elementSize();
        this.hasVirtualRegisters = memory.children().stream().anyMatch(Register.class::isInstance);
        this.readable = memory.sw().canRead();
        this.writable = memory.sw().canWrite();
        this.width = memory.width();
        this.entryBytes = Math.max(1, size / Math.max(1, memory.entries()));
    }

    boolean covers(long address) {
        long at = address - start;
        return at >= 0 && at < size;
    }

    /** Whether software may access it so: any aligned power of two up to 8 that does not reach beyond the end. */
    boolean takes(long address, int bytes) {
        long at = address - start;
        return bytes >= 1 && bytes <= 8 && Integer.bitCount(bytes) == 1 && (at & bytes - 1) == 0 && at + bytes <= size;
    }

    long read(long address, int bytes) {
        return outside != null ? outside.read(address - start, bytes) & Cell.lanes(bytes) : readable ? peek(address, bytes) : 0;
    }

    void write(long address, int bytes, long value) {
        if (outside != null) {
            outside.write(address - start, bytes, value & Cell.lanes(bytes));
        } else if (writable) {
            poke(address, bytes, value);
        }
    }

    /** The stored value, whoever may read it. */
    long peek(long address, int bytes) {
        long at = address - start;
        long[] page = pages.get(at >>> PAGE_BITS);
        return page == null ? 0 : page[word(at)] >>> shift(at) & Cell.lanes(bytes);
    }

    /** Stores a value, whoever may write it. */
    void poke(long address, int bytes, long value) {
        long at = address - start;
        long lanes = Cell.lanes(bytes) << shift(at);
        long data = value << shift(at) & lanes & existing(at);
        long[] page = pages.get(at >>> PAGE_BITS);
        if (page == null) {
            if (data == 0) {
                return;
            }
            page = new long[WORDS];
            pages.put(at >>> PAGE_BITS, page);
        }
        page[word(at)] = page[word(at)] & ~lanes | data;
    }

    private static int word(long at) {
        return (int) (at >>> 3) & WORDS - 1;
    }

    private static int shift(long at) {
        return (int) (at & 7) << 3;
    }

    /** The bits that entries have, of the 8 bytes around {@code at}. */
    private long existing(long at) {
        if (width >= entryBytes * 8) {
            return -1L;
        }
        if (entryBytes >= 8) {
            long left = width - (at % entryBytes & ~7) * 8;
            return left <= 0 ? 0 : left >= 64 ? -1L : (1L << left) - 1;
        }
        long mask = 0;
        for (int entry = 0; entry < 8; entry += (int) entryBytes) {
            mask |= (1L << width) - 1 << entry * 8;
        }
        return mask;
    }

    /** Everything is 0 again. */
    void forget() {
        pages.clear();
    }

    /** The memories that have been come upon, found by address without allocating. */
    static final class Ports {
        private MemoryPort[] ports = {};
        private @Nullable MemoryPort last;

        @Nullable
        MemoryPort find(long address) {
            MemoryPort recent = last;
            if (recent != null && recent.covers(address)) {
                return recent;
            }
            int low = 0;
            int high = ports.length;
            while (low < high) {
                int middle = low + high >>> 1;
                if (ports[middle].start <= address) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            MemoryPort found = low > 0 && ports[low - 1].covers(address) ? ports[low - 1] : null;
            last = found != null ? found : last;
            return found;
        }

        MemoryPort add(MemoryPort port) {
            MemoryPort[] more = Arrays.copyOf(ports, ports.length + 1);
            more[ports.length] = port;
            Arrays.sort(more, (a, b) -> Long.compare(a.start, b.start));
            ports = more;
            return port;
        }

        MemoryPort[] all() {
            return ports;
        }
    }
}
