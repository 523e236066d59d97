package dev.openppu.twin;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** A C host of a device in a library ({@code ppu_device.h}), whose memory is decoded. */
public final class LibraryTwin implements AutoCloseable {
    private final MemorySegment sum = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
    private final MemorySegment library;

    /** @throws IllegalArgumentException if there is no device in it */
    public LibraryTwin(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            library = TwinCalls.libraryOpen(arena.allocateFrom(file.toString()));
        }
        if (library.address() == 0) {
            throw new IllegalArgumentException(file + " opens no device in C");
        }
    }

    /** Reads a 32-bit register by calls; nanoseconds for all of {@code count}. */
    public long reads(int bar, long offset, long count) {
        return TwinCalls.libraryReads(library, bar, offset, count, sum);
    }

    /** The sum of what the last {@link #reads} read. */
    public int sum() {
        return sum.get(ValueLayout.JAVA_INT, 0);
    }

    @Override
    public void close() {
        TwinCalls.libraryClose(library);
    }
}
