package dev.openppu.hal.posix.file;

import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.call.Mappings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Zeroed memory behind a descriptor that other processes may be given ({@code memfd_create}). It is sealed: nobody can make it shorter or longer, so that an access to it never ends in a bus error.
 * A page takes RAM when it is first touched. Thread-safe.
 */
@SuppressWarnings("restricted") // ties a mapping of the system's to an arena
public final class SharedMemory implements AutoCloseable {
    private final Descriptor descriptor;
    private final Arena arena;
    private final MemorySegment segment;

    private SharedMemory(Descriptor descriptor, Arena arena, MemorySegment segment) {
        this.descriptor = descriptor;
        this.arena = arena;
        this.segment = segment;
    }

    /**
     * @param name for {@code /proc/self/maps}
     * @param bytes a multiple of the page size; may be far more than there is RAM
     * @throws dev.openppu.hal.posix.PosixException EMFILE, or ENOMEM if the address space is exhausted
     */
    public static SharedMemory create(String name, long bytes) {
        Descriptor descriptor = Descriptor.own(FileCalls.memfd(name));
        try {
            FileCalls.ftruncate(descriptor.number(), bytes);
            FileCalls.addSeals(descriptor.number(), FileCalls.F_SEAL_SHRINK | FileCalls.F_SEAL_GROW | FileCalls.F_SEAL_SEAL);
            Arena arena = Arena.ofShared();
            return new SharedMemory(descriptor, arena, FileCalls.map(descriptor.number(), 0, bytes, true, arena));
        } catch (RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /** All of it; until {@link #close}. */
    public MemorySegment segment() {
        return segment;
    }

    /** To be sent to others, who map it from offset 0 on. Stays this object's. */
    public Descriptor descriptor() {
        return descriptor;
    }

    /** Gives pages back to the system: they read as zero afterwards, for everybody. Both arguments are multiples of the page size. */
    public void discard(long offset, long bytes) {
        Mappings.madvise(segment.asSlice(offset, bytes), Mappings.MADV_REMOVE);
    }

    /** Where the first byte at or behind {@code from} is whose page somebody has touched; {@code end} if there is none before it. */
    public long nextTouched(long from, long end) {
        long next = FileCalls.data(descriptor.number(), from);
        return next < 0 ? end : Math.min(next, end);
    }

    /** Where the first byte behind {@code from} is whose page nobody has touched; {@code end} if there is none before it. */
    public long nextUntouched(long from, long end) {
        long next = FileCalls.hole(descriptor.number(), from);
        return next < 0 ? end : Math.min(next, end);
    }

    /**
     * Shows its first bytes at another place, too, in one step: what is mapped there is no more. {@link DeadMemory#zeros} ends that, {@link #close} does not.
     *
     * @param place whole pages of memory of the system's, at most as many as there are here
     */
    public void showAt(MemorySegment place) {
        if (place.byteSize() > segment.byteSize()) {
            throw new IllegalArgumentException("%d bytes of %d".formatted(place.byteSize(), segment.byteSize()));
        }
        FileCalls.mapOver(place, Mappings.MAP_SHARED, descriptor.number());
    }

    /** Unmaps it here; it lives on where others have mapped it. */
    @Override
    public void close() {
        arena.close();
        descriptor.close();
    }
}
