package dev.openppu.hal.posix;

import dev.openppu.hal.posix.call.Mappings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;

/**
 * A range of anonymous, page-aligned, zeroed memory, reserved as addresses only: a page takes RAM when it is first written.
 *
 * <p>It lives as long as the arena it was reserved in. Thread-safe.
 */
@SuppressWarnings("restricted") // ties a mapping of the system's to an arena
public final class HostMemory {
    private static final long PAGE_SIZE = MemoryCalls.pageSize();

    /** Pauses for what is collected to be unmapped, each twice as long as the one before. */
    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LAST_PAUSE_NANOS = 256_000_000;

    private final MemorySegment segment;

    private HostMemory(MemorySegment segment) {
        this.segment = segment;
    }

    /** Bytes of the system's page, a power of two. */
    public static long pageSize() {
        return PAGE_SIZE;
    }

    /**
     * Reserves memory.
     *
     * @param bytes positive, a multiple of {@link #pageSize()}; may be far more than there is RAM
     * @param arena unmaps it when closed; it must be shared, automatic or global if other threads are to use the memory
     * @throws PosixException ENOMEM if the address space, or a limit (ulimit -v, a strict overcommit policy), is exhausted
     */
    public static HostMemory reserve(long bytes, Arena arena) {
        if (bytes <= 0 || bytes % PAGE_SIZE != 0) {
            throw new IllegalArgumentException("%d bytes are not a positive multiple of the page size %d".formatted(bytes, PAGE_SIZE));
        }
        HostMemory memory = new HostMemory(map(bytes).reinterpret(arena, Mappings::munmap));
        keepSparse(memory.segment);
        return memory;
    }

    /** What automatic arenas hold is given back when it is collected, and addresses run out long before the heap does: then it is collected now. */
    private static MemorySegment map(long bytes) {
        for (long nanos = FIRST_PAUSE_NANOS;; nanos *= 2) {
            try {
                return Mappings.mmap(MemorySegment.NULL, bytes, Mappings.PROT_READ | Mappings.PROT_WRITE,
                        Mappings.MAP_PRIVATE | Mappings.MAP_ANONYMOUS | Mappings.MAP_NORESERVE, Mappings.NO_FILE, 0);
            } catch (PosixException e) {
                if (e.errno() != Errno.ENOMEM || nanos > LAST_PAUSE_NANOS) {
                    throw e;
                }
                System.gc();
                LockSupport.parkNanos(nanos); // another thread unmaps what was collected
            }
        }
    }

    /** Huge pages would make 2 MiB resident for one byte written, and a core dump would hold the whole range; a kernel without either is no error. */
    public static void keepSparse(MemorySegment pages) {
        advise(pages, Mappings.MADV_NOHUGEPAGE);
        advise(pages, Mappings.MADV_DONTDUMP);
    }

    private static void advise(MemorySegment pages, int advice) {
        try {
            Mappings.madvise(pages, advice);
        } catch (PosixException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
        }
    }

    /** All of it. */
    public MemorySegment segment() {
        return segment;
    }

    /** Gives pages back to the system; they read as zero afterwards. Both arguments are multiples of {@link #pageSize()}. */
    public void discard(long offset, long bytes) {
        discard(pages(offset, bytes));
    }

    /** The same for whole pages of any memory that was reserved here. */
    public static void discard(MemorySegment pages) {
        Mappings.madvise(pages, Mappings.MADV_DONTNEED);
    }

    /**
     * Bytes of the range that are in memory now: pages that were written, and pages that were read (the system maps its one zero page there). Both arguments are
     * multiples of {@link #pageSize()}.
     */
    public long resident(long offset, long bytes) {
        MemorySegment range = pages(offset, bytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flags = arena.allocate(bytes / PAGE_SIZE);
            MemoryCalls.mincore(range, flags);
            long resident = 0;
            for (long page = 0; page < flags.byteSize(); page++) {
                resident += flags.get(ValueLayout.JAVA_BYTE, page) & 1;
            }
            return resident * PAGE_SIZE;
        }
    }

    private MemorySegment pages(long offset, long bytes) {
        if ((offset | bytes) % PAGE_SIZE != 0) {
            throw new IllegalArgumentException(
                    "offset %d or length %d is not a multiple of the page size %d".formatted(offset, bytes, PAGE_SIZE));
        }
        return segment.asSlice(offset, bytes);
    }
}
