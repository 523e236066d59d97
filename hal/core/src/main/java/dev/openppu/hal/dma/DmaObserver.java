package dev.openppu.hal.dma;

import java.lang.foreign.MemorySegment;

/** Is told what a device does to host memory, while it does it: must be quick and must not call the link. Thread-safe. */
public interface DmaObserver {
    /** The device will write {@code data} next: nobody has seen it there yet. */
    void writing(long iova, MemorySegment data);

    /** The device has read {@code data}. */
    void hasRead(long iova, MemorySegment data);

    /** A request of the device's was refused, and memory is as it was. */
    void refused(long iova, long bytes, boolean write);
}
