package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.dma.DistantMemory;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.file.PassedFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory in a file that its owner could cut short: read and written by calls, which then fail. */
final class FileMemory implements DistantMemory {
    private final PassedFile file;
    private final long first;

    /** @param first where the memory begins in the file */
    FileMemory(PassedFile file, long first) {
        this.file = file;
        this.first = first;
    }

    @Override
    public boolean read(long offset, MemorySegment destination) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bounce = arena.allocate(destination.byteSize());
            file.read(first + offset, bounce);
            destination.copyFrom(bounce);
            return true;
        } catch (PosixException e) {
            return false;
        }
    }

    /** The file is not to grow where it was cut. */
    @Override
    public boolean write(long offset, MemorySegment source) {
        if (first + offset > file.size() - source.byteSize()) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            file.write(first + offset, arena.allocate(source.byteSize()).copyFrom(source));
            return true;
        } catch (PosixException e) {
            return false;
        }
    }
}
