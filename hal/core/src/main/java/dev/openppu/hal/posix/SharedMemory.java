package dev.openppu.hal.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Memory that processes share by its descriptor: an anonymous file.
 *
 * <p>It is mapped here only when it is sealed so that nobody can make it shorter: an access behind the end of a file that was cut short would end this process. Its content is whatever the
 * other side last wrote. Thread-safe, but for {@link #close}; what is mapped stays so afterwards.
 */
@SuppressWarnings("restricted") // ties a mapping of the system's to an arena
public final class SharedMemory implements AutoCloseable {
    private final Descriptor descriptor;
    private final long bytes;

    private SharedMemory(Descriptor descriptor, long bytes) {
        this.descriptor = descriptor;
        this.bytes = bytes;
    }

    /**
     * Makes memory of zeros, sealed in its size; a page takes RAM when it is first written.
     *
     * @param name for {@code /proc}
     * @throws PosixException EMFILE, or ENOMEM
     */
    public static SharedMemory create(String name, long bytes) {
        Descriptor descriptor = Descriptor.own(ShareCalls.memfdCreate(name));
        try {
            ShareCalls.ftruncate(descriptor.number(), bytes);
            ShareCalls.addSeals(descriptor.number(), ShareCalls.F_SEAL_SHRINK | ShareCalls.F_SEAL_GROW | ShareCalls.F_SEAL_SEAL);
            return new SharedMemory(descriptor, bytes);
        } catch (RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /**
     * Takes over a descriptor that another process sent, and seals it if it is not and can be.
     *
     * @return empty if it is no memory, or stays unsealed: then it is closed
     */
    public static Optional<SharedMemory> adopt(Descriptor descriptor) {
        try {
            if (sealed(descriptor.number())) { // first, so that the size cannot go down any more
                return Optional.of(new SharedMemory(descriptor, size(descriptor.number())));
            }
        } catch (PosixException | IOException e) {
            // it has no seals, or no size
        }
        descriptor.close();
        return Optional.empty();
    }

    private static boolean sealed(int number) {
        if ((ShareCalls.seals(number) & ShareCalls.F_SEAL_SHRINK) == 0) {
            ShareCalls.addSeals(number, ShareCalls.F_SEAL_SHRINK);
        }
        return (ShareCalls.seals(number) & ShareCalls.F_SEAL_SHRINK) != 0;
    }

    private static long size(int number) throws IOException {
        return Files.readAttributes(Path.of("/proc/self/fd", Integer.toString(number)), BasicFileAttributes.class).size();
    }

    /** The descriptor's number, to be sent; valid until {@link #close}. */
    public int number() {
        return descriptor.number();
    }

    /** At least: another process may have made it longer since. */
    public long bytes() {
        return bytes;
    }

    /** Whether a part can be mapped: it lies in the memory and begins at a page. */
    public boolean has(long offset, long count) {
        return offset >= 0 && count > 0 && offset <= bytes - count && offset % HostMemory.pageSize() == 0;
    }

    /**
     * Maps a part until the arena is closed.
     *
     * @throws PosixException EACCES if it may not be written and {@code writable}
     * @throws IndexOutOfBoundsException unless {@link #has it}
     */
    public MemorySegment map(long offset, long count, boolean writable, Arena arena) {
        return map(offset, count, writable).reinterpret(arena, MemoryCalls::munmap);
    }

    /** Maps a part for as long as the process lives: the segment is of the global arena, and what is behind it may be {@linkplain #replace replaced}. */
    public MemorySegment mapForEver(long offset, long count, boolean writable) {
        return map(offset, count, writable);
    }

    private MemorySegment map(long offset, long count, boolean writable) {
        if (!has(offset, count)) {
            throw new IndexOutOfBoundsException(
                    "%d bytes at 0x%x of %d, in pages of %d".formatted(count, offset, bytes, HostMemory.pageSize()));
        }
        return ShareCalls.mmap(descriptor.number(), offset, count, MemoryCalls.PROT_READ | (writable ? MemoryCalls.PROT_WRITE : 0));
    }

    /** Gives pages of a mapping of shared memory back to the system, for all who share them; they read as zero afterwards. */
    public static void discard(MemorySegment pages) {
        MemoryCalls.madvise(pages, MemoryCalls.MADV_REMOVE);
    }

    /**
     * Puts memory of this process's own in the place of what is mapped there: zeros, or the begin of {@code content}, whose further changes are not seen. An access that is under way meets one
     * or the other.
     */
    public static void replace(MemorySegment place, Optional<SharedMemory> content) {
        content.ifPresentOrElse(memory -> ShareCalls.mmapOver(place, memory.number()), () -> ShareCalls.mmapZerosOver(place));
    }

    /** Unmaps what was mapped for ever: nobody uses it any more. */
    public static void unmap(MemorySegment place) {
        MemoryCalls.munmap(place);
    }

    /** Gives the descriptor back. Idempotent. */
    @Override
    public void close() {
        descriptor.close();
    }
}
