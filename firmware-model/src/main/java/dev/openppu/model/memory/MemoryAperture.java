package dev.openppu.model.memory;

import dev.openppu.hal.posix.HostMemory;
import dev.openppu.hal.posix.file.DeadMemory;
import dev.openppu.hal.posix.file.SharedMemory;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * BAR2 as a file that whoever drives the device maps: what the BAR shows of the device's memory is kept in the file's pages, and what is used of the memory elsewhere is where it always is.
 *
 * <p>A mapping stays where it is when the window moves, so the memory comes to the mapping: {@link #show} takes what was shown out of the file, and brings what is shown now. What lies in the
 * firmware's part of the memory, or behind its end, cannot be the file's: of the one there is a copy, as it is when the window comes, and the other is all ones; what is written there goes nowhere.
 *
 * <p>An error of ECC is in the file as a read would give it: a single bit is right, a word with more of them is all ones.
 *
 * <p>Used under the device's exclusion; {@link #show}, {@link #renew} and {@link #close} while nothing uses device memory outside it, too.
 */
public final class MemoryAperture implements AutoCloseable {
    private static final byte ONES = -1;
    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[SparseMemory.PAGE]);

    private final SparseMemory memory;
    private final long limit;
    private final long size;
    private @Nullable SharedPart part;

    /**
     * @param limit where the firmware's part begins
     * @param size bytes of the BAR
     */
    public MemoryAperture(SparseMemory memory, long limit, long size) {
        this.memory = memory;
        this.limit = limit;
        this.size = size;
    }

    /** Memory that nobody has a mapping of, with nothing in it; what had been shown is lost. */
    public void renew() {
        close();
        open(SharedMemory.create("openppu-bar2", size), 0);
    }

    /** Bytes that may be mapped, from the BAR's beginning on. */
    public long bytes() {
        return Math.min(size, limit);
    }

    /** The file; until the next {@link #renew}. */
    public SharedMemory file() {
        return present().file();
    }

    private SharedPart present() {
        SharedPart now = part;
        if (now == null) {
            throw new IllegalStateException("nothing is shown");
        }
        return now;
    }

    /** PA of the first byte that is shown. */
    public long first() {
        return present().first();
    }

    /** The BAR's first byte is this one from now on. */
    public void show(long address) {
        SharedMemory file = takeOut();
        file.discard(0, size);
        open(file, address);
    }

    private SharedMemory takeOut() {
        SharedPart old = present();
        memory.noteTouched(old.first(), old.bytes());
        detach(old);
        MemorySegment contents = old.file().segment();
        for (long at = next(old.first(), old.end()); at < old.end(); at = next(at + SparseMemory.PAGE, old.end())) {
            MemorySegment page = contents.asSlice(at - old.first(), SparseMemory.PAGE);
            if (page.mismatch(ZEROS) < 0) {
                memory.unmark(at);
            } else {
                MemorySegment.copy(page, 0, memory.segment(), at, SparseMemory.PAGE);
            }
        }
        return old.file();
    }

    /** What was shown is zero, and the memory's own. */
    private void detach(SharedPart old) {
        memory.correction().hide();
        memory.share(null);
        part = null;
        if (old.bytes() > 0) {
            MemorySegment place = memory.segment().asSlice(old.first(), old.bytes());
            DeadMemory.zeros(place);
            HostMemory.keepSparse(place);
        }
    }

    private long next(long address, long end) {
        return memory.nextWritten(address, end);
    }

    private void open(SharedMemory file, long address) {
        long inside = Math.clamp(limit - address, 0, size);
        MemorySegment contents = file.segment();
        long known = Math.clamp(memory.size() - address, 0, size);
        for (long at = next(address, address + known); at < address + known; at = next(at + SparseMemory.PAGE, address + known)) {
            MemorySegment.copy(memory.segment(), at, contents, at - address, SparseMemory.PAGE);
        }
        contents.asSlice(known).fill(ONES);
        if (inside > 0) {
            file.showAt(memory.segment().asSlice(address, inside));
        }
        SharedPart fresh = new SharedPart(address, inside, file);
        part = fresh;
        memory.share(fresh);
        memory.correction().show(address, inside);
    }

    /** What was shown is lost. */
    @Override
    public void close() {
        SharedPart old = part;
        if (old != null) {
            detach(old);
            old.file().close();
        }
    }
}
