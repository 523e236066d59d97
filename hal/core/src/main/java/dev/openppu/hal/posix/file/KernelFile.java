package dev.openppu.hal.posix.file;

import dev.openppu.hal.posix.Descriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An open file of the kernel's that is asked by ioctl, read and written at offsets, and mapped. Not inherited by programs that this one starts. Thread-safe, but for {@link #close}. */
@SuppressWarnings("restricted") // ties a mapping of the system's to an arena
public final class KernelFile implements AutoCloseable {
    private final Descriptor descriptor;

    /** @param number of an open descriptor that nobody else closes */
    public KernelFile(int number) {
        this.descriptor = Descriptor.own(number);
    }

    /** Opens for reading and writing. */
    public static KernelFile open(String path) {
        return new KernelFile(FileCalls.open(path));
    }

    /** Its descriptor's number in this process. */
    public int number() {
        return descriptor.number();
    }

    /**
     * Asks with a structure.
     *
     * @param name of the request, for messages
     * @throws PosixException if the kernel refuses
     */
    public int ask(long request, MemorySegment structure, String name) {
        return FileCalls.ioctl(descriptor.number(), request, structure, name);
    }

    /** Asks with a number. */
    public int ask(long request, long value, String name) {
        return FileCalls.ioctl(descriptor.number(), request, value, name);
    }

    /** Reads at an offset; returns the bytes read. */
    public long read(long offset, MemorySegment buffer) {
        return FileCalls.pread(descriptor.number(), buffer, offset);
    }

    /** Writes at an offset; returns the bytes written. */
    public long write(long offset, MemorySegment buffer) {
        return FileCalls.pwrite(descriptor.number(), buffer, offset);
    }

    /** Maps a part for reading and, if {@code writable}, writing, until the arena is closed. */
    public MemorySegment map(long offset, long bytes, boolean writable, Arena arena) {
        return FileCalls.map(descriptor.number(), offset, bytes, writable, arena);
    }

    /** When nobody uses its number any more: the kernel gives it to the next. Idempotent. */
    @Override
    public void close() {
        descriptor.close();
    }
}
