package dev.openppu.hal.library;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One device of a library: the functions of {@code native-stubs/include/ppu_device.h}, whichever way they are called. A result below 0 becomes a {@link LibraryException}; after {@link #close}
 * every call throws {@link dev.openppu.hal.LinkException}, and never reaches the library. Thread-safe.
 */
public interface LibraryDevice extends AutoCloseable {
    LibraryInfo info();

    /** @param bytes 1, 2 or 4; {@code offset} is a multiple of it */
    int configRead(int offset, int bytes);

    void configWrite(int offset, int bytes, int value);

    /** @param bytes 1, 2, 4 or 8; {@code offset} is a multiple of it */
    long barRead(int bar, long offset, int bytes);

    void barWrite(int bar, long offset, int bytes, long value);

    /** Memory that stands for part of a BAR, until {@link #close}; empty if every access is a call. */
    Optional<MemorySegment> mapBar(int bar, long offset, long bytes);

    /**
     * Lets it reach host memory by itself from now on.
     *
     * @param memory stays mapped until {@link #dmaUnmap} has returned
     * @return {@code false} if it does not, but asks {@link LibraryHost}, and always will
     */
    boolean dmaMap(long iova, MemorySegment memory, boolean reads, boolean writes);

    /** When it returns the device has stopped. */
    void dmaUnmap(long iova, long bytes);

    /** How often it was refused host memory; empty if it does not count. */
    OptionalLong dmaRefused();

    /** @param descriptor to which each message of the vector is written as the 8-byte integer 1; -1 for none */
    void setInterrupt(int vector, int descriptor);

    /** @param kind a {@link dev.openppu.hal.ResetKind}'s number */
    void reset(int kind);

    /** Nanoseconds. */
    long time();

    /** Lets device time pass, for a device that is {@linkplain LibraryInfo#stepped stepped}; how much has. */
    long advance(long nanos);

    /** Waits for calls under way, then ends it. Idempotent. */
    @Override
    void close();
}
