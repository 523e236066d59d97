package dev.openppu.hal.library;

import java.lang.foreign.MemorySegment;

/** What a device in a library asks of its host, on any thread of the library's. */
public interface LibraryHost {
    /** Reads host memory; {@code false}, and nothing read, if the device may not. */
    boolean dmaRead(long iova, MemorySegment buffer);

    /** Writes host memory; {@code false}, and nothing written, if the device may not. */
    boolean dmaWrite(long iova, MemorySegment buffer);

    /** @param level 0 debug, 1 information, 2 warning, 3 error */
    void log(int level, String text);
}
