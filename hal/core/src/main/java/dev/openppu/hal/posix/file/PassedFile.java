package dev.openppu.hal.posix.file;

import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.Errno;
import dev.openppu.hal.posix.PosixException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A descriptor that another process has passed, of whatever kind: nothing is taken for granted. Memory may be mapped only where nobody can cut the file short, because an access behind the end
 * of a file is a bus error; where somebody could, {@link #read} and {@link #write} go the long way. Thread-safe.
 */
@SuppressWarnings("restricted") // ties a mapping of the system's to an arena
public final class PassedFile implements AutoCloseable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String EVENT = "anon_inode:[eventfd]";

    private final Descriptor descriptor;

    /** @param descriptor this object's from now on */
    public PassedFile(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Whether a descriptor is an eventfd. */
    public static boolean isEvent(Descriptor descriptor) {
        try {
            return Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor.number()))).toString().equals(EVENT);
        } catch (IOException e) {
            return false;
        }
    }

    /** Bytes that it has now; 0 if it is nothing that has bytes at places. */
    public long size() {
        return FileCalls.size(descriptor.number());
    }

    /** Whether it stays as long as it is. */
    public boolean cannotShrink() {
        return (FileCalls.seals(descriptor.number()) & FileCalls.F_SEAL_SHRINK) != 0;
    }

    /** Has it stay so from now on, where its kind can and nobody has forbidden it; {@link #cannotShrink} tells. */
    public void keepSize() {
        FileCalls.tryToSeal(descriptor.number(), FileCalls.F_SEAL_SHRINK);
    }

    /** Whether it was opened to read and write. */
    public boolean writable() {
        return FileCalls.readsAndWrites(descriptor.number());
    }

    /**
     * Maps some of it.
     *
     * @param arena unmaps it when closed
     * @throws PosixException EACCES if it was opened for less, ENOMEM, EINVAL if the offset is not one of a page
     * @throws IllegalArgumentException if it could be cut short, or does not have these bytes
     */
    public MemorySegment map(long offset, long bytes, boolean writes, Arena arena) {
        if (!cannotShrink() || bytes <= 0 || offset < 0 || offset > size() - bytes) {
            throw new IllegalArgumentException("a file of %d bytes that %s: 0x%x bytes at 0x%x cannot be mapped".formatted(size(),
                    cannotShrink() ? "cannot shrink" : "can shrink", bytes, offset));
        }
        return FileCalls.map(descriptor.number(), offset, bytes, writes, arena);
    }

    /**
     * Reads from {@code offset} on until {@code destination}, which is native memory, is full.
     *
     * @throws PosixException EINVAL if the file ends before, or why it cannot be read
     */
    public void read(long offset, MemorySegment destination) {
        require();
        try {
            for (long done = 0; done < destination.byteSize();) {
                done += progress(FileCalls.pread(descriptor.number(), destination.asSlice(done), offset + done), "pread", offset + done);
            }
        } finally {
            descriptor.leave();
        }
    }

    /** Writes all of {@code source}, which is native memory, from {@code offset} on. Whoever owns the file sees to it that it has these bytes: else it grows. */
    public void write(long offset, MemorySegment source) {
        require();
        try {
            for (long done = 0; done < source.byteSize();) {
                done += progress(FileCalls.pwrite(descriptor.number(), source.asSlice(done), offset + done), "pwrite", offset + done);
            }
        } finally {
            descriptor.leave();
        }
    }

    private void require() {
        if (!descriptor.enter()) {
            throw new PosixException("a closed descriptor is used", Errno.EINVAL);
        }
    }

    private static long progress(long count, String call, long offset) {
        if (count == 0) {
            throw new PosixException("%s(offset=0x%x): behind the file's end".formatted(call, offset), Errno.EINVAL);
        }
        return count;
    }

    /** What was mapped stays so. Idempotent. */
    @Override
    public void close() {
        descriptor.close();
    }
}
