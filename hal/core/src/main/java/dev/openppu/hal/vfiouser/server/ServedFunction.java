package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.dma.DistantMemory;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A PCI function as a server needs it. Ranges are inside what they belong to; memory is little-endian. Thread-safe.
 *
 * <p>Any method may throw {@link dev.openppu.hal.LinkException} if the device has failed for good.
 */
public interface ServedFunction extends AutoCloseable {
    int CONFIG_BYTES = 4096;

    /** For people. */
    String description();

    /** Implemented BARs, by ascending index. What clients may map is new memory after a {@link #powerCycle}. */
    List<Bar> bars();

    /** MSI-X vectors. */
    int vectors();

    /** Reads config space as aligned accesses of up to 4 bytes. */
    void readConfig(int offset, MemorySegment destination);

    void writeConfig(int offset, MemorySegment source);

    /** Reads behind a BAR, wherever software has put it; all ones while it is not decoded. An aligned read of 1, 2, 4 or 8 bytes is one access. */
    void readBar(int bar, long offset, MemorySegment destination);

    void writeBar(int bar, long offset, MemorySegment source);

    /** Resets the function as a function-level reset does, and returns when it answers again. */
    void reset();

    /** Takes power away and gives it back: nothing of what was is left but what survives that. Returns when the function answers again. */
    void powerCycle();

    /** Host memory that the device may reach from now on; until {@link #unmap} it stays alive. Address and memory are aligned to pages. */
    void map(long iova, MemorySegment memory, DmaAccess access);

    /** The same for memory that is asked for each access. */
    void map(long iova, long bytes, DistantMemory memory, DmaAccess access);

    /**
     * Called by a thread of the device within its {@link DistantMemory}, to wait for the client: {@link #readConfig}, {@link #readBar} and {@link #writeBar} by other threads must not have to
     * wait for that. Everything else may.
     */
    default void letInDuring(Runnable wait) {
        wait.run();
    }

    /** Whether {@link #writeBar} there never waits for the end of a {@link #letInDuring}, so that the thread that is in one may carry it out. */
    default boolean mayComeIn(int bar, long offset, long bytes) {
        return true;
    }

    /** When it returns the device has stopped using what was mapped at this address. */
    void unmap(long iova);

    /** Interrupt messages go there by their vectors: from a thread of the device, which must not be held up. */
    void deliverInterruptsTo(IntConsumer vectors);

    /**
     * Does for a vector what a kernel does when somebody asks for its interrupts: MSI-X is enabled, and the vector's entry no longer masked.
     */
    void enableVector(int vector);

    /** Disables MSI-X. */
    void disableVectors();

    /** Stores to mapped BARs that are to be carried out as accesses; used by one thread at a time. */
    default MappedStores mappedStores() {
        return MappedStores.NONE;
    }

    @Override
    void close();

    /**
     * Stores to memory that a client has mapped, and that the device has to hear of. A store and a message come by different ways, so nobody can tell which of two was first that are there at once:
     * what is taken is carried out before the message, and {@linkplain #repeat again} behind every message that may have been sent before it.
     */
    interface MappedStores {
        /** Nothing of a BAR is mapped, or the device wants to hear of nothing. */
        MappedStores NONE = new MappedStores() {
            @Override
            public boolean expected() {
                return false;
            }

            @Override
            public boolean take() {
                return false;
            }

            @Override
            public void repeat() {
                // there is nothing
            }

            @Override
            public void forget() {
                // there is nothing
            }
        };

        /** Whether the device may be waiting for one. */
        boolean expected();

        /** Carries out what was stored since the last time. @return whether there was anything */
        boolean take();

        /** Reminds whoever listens now of what was taken and not {@linkplain #forget forgotten}, in case that it listens only since then. */
        void repeat();

        /** What was taken so far came behind all messages that were carried out. */
        void forget();
    }

    /**
     * A BAR.
     *
     * @param size bytes, a power of two, as long as it is served
     * @param shared what of it clients may map
     */
    record Bar(int index, long size, Optional<Shared> shared) {}

    /**
     * Memory behind a BAR that clients map, from the BAR's beginning on.
     *
     * @param descriptor of memory that cannot be cut short
     * @param areas parts of the BAR that it may be used for, at least one; offsets count from the BAR's beginning and from the file's
     */
    record Shared(Descriptor descriptor, List<RegionInfo.Area> areas) {
        public Shared {
            areas = List.copyOf(areas);
        }
    }
}
