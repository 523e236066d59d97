package dev.openppu.model.memory;

import dev.openppu.hal.posix.HostMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Device memory: a reservation as large as the device's memory, of which only what was written occupies host memory.
 *
 * <p>A bitmap of written 4 KiB pages stands beside the reservation. Bulk operations that only read (copy out, compare, scrub) and fills with zero ask it and
 * never touch a page that nothing was written to, so such a page neither becomes resident nor needs a page table entry in the host.
 *
 * <p>Addresses are PAs in bytes; every access is checked against the size ({@link IndexOutOfBoundsException}: a caller that can meet bad addresses asks
 * {@link #contains} first). Thread-safe in the sense of memory: naturally aligned accesses up to 8 bytes are atomic, loads acquire, stores release; bulk
 * accesses are as torn as the hardware's.
 */
public final class SparseMemory {
    /** Granularity of what is known to have been written. */
    public static final int PAGE = 4096;

    private static final int PAGE_SHIFT = 12;
    private static final VarHandle V8 = ValueLayout.JAVA_BYTE.varHandle();
    private static final VarHandle V16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle V32 = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle V64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final HostMemory reservation;
    private final MemorySegment bytes;
    private final long size;
    private final WrittenPages written;
    private final ErrorCorrection correction = new ErrorCorrection(this);
    /** What of it others write, too; changed while nobody uses the memory. */
    private @Nullable SharedPart shared;

    /** @param reservation zeroed, and this memory's alone */
    public SparseMemory(HostMemory reservation) {
        this.reservation = reservation;
        this.bytes = reservation.segment();
        this.size = bytes.byteSize();
        this.written = new WrittenPages(size / PAGE);
    }

    /** The code that guards the contents. Whoever reads asks it first ({@link ErrorCorrection#check}); whoever writes here need not. */
    public ErrorCorrection correction() {
        return correction;
    }

    /** Turns stored bits over, behind the code's back. */
    void flip(long word, long bits) {
        markWritten(word, Long.BYTES);
        V64.getAndBitwiseXor(bytes, word, bits);
    }

    /** Stores a word behind the code's back, if it is still what it was. */
    boolean replace(long word, long before, long now) {
        return V64.compareAndSet(bytes, word, before, now);
    }

    /** Bytes. */
    public long size() {
        return size;
    }

    /** Whether all of {@code [address, address + length)} is device memory; addresses and lengths are unsigned. */
    public boolean contains(long address, long length) {
        return address >= 0 && length >= 0 && length <= size && address <= size - length;
    }

    /** The bytes themselves, for a user that keeps {@link #markWritten} true: the compute units. */
    public MemorySegment segment() {
        return bytes;
    }

    public long load(long address, int width) {
        if (shared != null && !isWritten(address)) {
            return 0; // reading a hole of a file would fill it
        }
        return switch (width) {
            case 1 -> (byte) V8.getVolatile(bytes, address) & 0xffL;
            case 2 -> (short) V16.getAcquire(bytes, address) & 0xffffL;
            case 4 -> (int) V32.getAcquire(bytes, address) & 0xffff_ffffL;
            case 8 -> (long) V64.getAcquire(bytes, address);
            default -> throw new IllegalArgumentException("a load of " + width + " bytes");
        };
    }

    public void store(long address, int width, long value) {
        correction.overwritten(address, width);
        markWritten(address, width);
        switch (width) {
            case 1 -> V8.setVolatile(bytes, address, (byte) value);
            case 2 -> V16.setRelease(bytes, address, (short) value);
            case 4 -> V32.setRelease(bytes, address, (int) value);
            case 8 -> V64.setRelease(bytes, address, value);
            default -> throw new IllegalArgumentException("a store of " + width + " bytes");
        }
    }

    /** Fills {@code destination} from {@code address} on. */
    public void read(long address, MemorySegment destination) {
        long length = destination.byteSize();
        Objects.checkFromIndexSize(address, length, size);
        noteTouched(address, length);
        VarHandle.acquireFence();
        long done = 0;
        while (done < length) {
            long at = address + done;
            boolean hole = !marked(at);
            long run = Math.min(length, runEnd(at, !hole, address + length) - address) - done;
            if (hole) {
                destination.asSlice(done, run).fill((byte) 0);
            } else {
                MemorySegment.copy(bytes, at, destination, done, run);
            }
            done += run;
        }
        VarHandle.acquireFence();
    }

    /** Writes {@code source} from {@code address} on. */
    public void write(long address, MemorySegment source) {
        long length = source.byteSize();
        Objects.checkFromIndexSize(address, length, size);
        correction.overwritten(address, length);
        markWritten(address, length);
        VarHandle.releaseFence();
        MemorySegment.copy(source, 0, bytes, address, length);
        VarHandle.releaseFence();
    }

    /** A range that the caller is about to fill: its pages count as written. */
    MemorySegment toFill(long address, long length) {
        Objects.checkFromIndexSize(address, length, size);
        correction.overwritten(address, length);
        markWritten(address, length);
        return bytes.asSlice(address, length);
    }

    /** The written bytes at {@code address}, up to the first page that was never written; empty if that is where they begin. */
    MemorySegment written(long address, long length) {
        Objects.checkFromIndexSize(address, length, size);
        noteTouched(address, length);
        VarHandle.acquireFence();
        return bytes.asSlice(address, marked(address) ? runEnd(address, true, address + length) - address : 0);
    }

    /** Copies a range to another. */
    void copy(long from, long to, long length) {
        Objects.checkFromIndexSize(from, length, size);
        noteTouched(from, length);
        for (long done = 0; done < length;) {
            MemorySegment run = written(from + done, length - done);
            long part = run.byteSize();
            if (part > 0) {
                write(to + done, run);
            } else {
                part = nextWritten(from + done, from + length) - from - done;
                clear(to + done, part);
            }
            done += part;
        }
    }

    /** Makes a range zero; pages that were never written stay untouched. */
    public void clear(long address, long length) {
        Objects.checkFromIndexSize(address, length, size);
        long end = address + length;
        correction.overwritten(address, length);
        noteTouched(address, length);
        for (long at = nextWritten(address, end); at < end; at = nextWritten(at, end)) {
            long stop = runEnd(at, true, end);
            bytes.asSlice(at, stop - at).fill((byte) 0);
            at = stop;
        }
        VarHandle.releaseFence();
    }

    /** Power is lost: everything is zero again and nothing is resident. */
    public void forget() {
        reservation.discard(0, size);
        if (shared != null) {
            shared.file().discard(0, shared.file().segment().byteSize());
        }
        correction.clear();
        written.clear();
    }

    /** Whether the page of {@code address} was ever written. */
    public boolean isWritten(long address) {
        if (marked(address)) {
            return true;
        }
        SharedPart part = shared;
        if (part == null || !part.touched(address)) {
            return false;
        }
        markWritten(address, 1);
        return true;
    }

    private boolean marked(long address) {
        return written.has(address >>> PAGE_SHIFT);
    }

    /** Notes that a range is about to be written through {@link #segment}. */
    public void markWritten(long address, long length) {
        if (length <= 0) {
            return;
        }
        long last = address + length - 1 >>> PAGE_SHIFT;
        for (long page = address >>> PAGE_SHIFT; page <= last; page++) {
            written.add(page);
        }
    }

    /** Marks what others have touched of a range. */
    void noteTouched(long address, long length) {
        SharedPart part = shared;
        if (part == null) {
            return;
        }
        long end = Math.min(address + length, part.end());
        long at = unmarked(Math.max(address, part.first()), end);
        while (at < end) {
            long from = part.nextTouched(at, end);
            long to = from < end ? part.nextUntouched(from, end) : end;
            markWritten(from, to - from);
            at = unmarked(to, end);
        }
    }

    private long unmarked(long address, long end) {
        return address < end && marked(address) ? runEnd(address, true, end) : address;
    }

    /** From now on a part of it is a file's; {@code null} for none. Nobody uses that part meanwhile, and its contents are the caller's business. */
    void share(@Nullable SharedPart part) {
        shared = part;
    }

    /** Bytes of a page that turned out to be zero all over: as if nobody had written it. */
    void unmark(long page) {
        written.remove(page >>> PAGE_SHIFT);
    }

    /** The first address at or above {@code address} whose page was written, or {@code end} if there is none below it. */
    public long nextWritten(long address, long end) {
        noteTouched(address, end - address);
        return address >= end || marked(address) ? address : runEnd(address, false, end);
    }

    /** Where the run of pages that are {@code state} ends, which begins at {@code address}; at most {@code end}. */
    private long runEnd(long address, boolean state, long end) {
        long limit = end + PAGE - 1 >>> PAGE_SHIFT;
        long page = written.runEnd((address >>> PAGE_SHIFT) + 1, state, limit);
        return page < limit ? page << PAGE_SHIFT : end;
    }
}
