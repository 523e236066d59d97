package dev.openppu.hal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file of the kernel's that is asked by ioctl, read and written at offsets, and mapped. Not inherited by programs that this one starts. Thread-safe, but for {@link #close}. */
@SuppressWarnings("restricted") // ties a mapping of the system's to an arena
public final class KernelFile implements AutoCloseable {
    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param number of an open descriptor that nobody else closes */
    public KernelFile(int number) {
        this.number = number;
    }

    /** Opens for reading and writing. */
    public static KernelFile open(String path) {
        return new KernelFile(FileCalls.open(path, FileCalls.O_RDWR | FileCalls.O_CLOEXEC));
    }

    /** Its descriptor's number in this process. */
    public int number() {
        return number;
    }

    /**
     * Asks with a structure.
     *
     * @param name of the request, for messages
     * @throws PosixException if the kernel refuses
     */
    public int ask(long request, MemorySegment structure, String name) {
        return FileCalls.ioctl(number, request, structure, name);
    }

    /** Asks with a number. */
    public int ask(long request, long value, String name) {
        return FileCalls.ioctl(number, request, value, name);
    }

    /** Reads at an offset; returns the bytes read. */
    public long read(long offset, MemorySegment buffer) {
        return FileCalls.pread(number, buffer, offset);
    }

    /** Writes at an offset; returns the bytes written. */
    public long write(long offset, MemorySegment buffer) {
        return FileCalls.pwrite(number, buffer, offset);
    }

    /** Maps a part for reading and, if {@code writable}, writing, until the arena is closed. */
    public MemorySegment map(long offset, long bytes, boolean writable, Arena arena) {
        int protection = writable ? MemoryCalls.PROT_READ | MemoryCalls.PROT_WRITE : MemoryCalls.PROT_READ;
        return FileCalls.mmap(number, offset, bytes, protection).reinterpret(arena, MemoryCalls::munmap);
    }

    /** When nobody uses its number any more: the kernel gives it to the next. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            DescriptorCalls.close(number);
        }
    }
}
