package dev.openppu.model.pcie;

import dev.openppu.hal.posix.file.SharedMemory;
import dev.openppu.model.sim.World;
import java.util.List;

/**
 * What of a function's BARs may be mapped by whoever drives it from elsewhere. Memory behind a mapping lives on as long as somebody has it mapped, so each power-on has memory of its own.
 *
 * <p>Everything here is called under the device's exclusion.
 */
public interface SharedBars extends AutoCloseable {

    /** What may be mapped now. */
    List<Part> parts();

    /** Makes new memory for all parts: {@link World#withoutOffloaded while nothing is offloaded}. */
    void renew();

    /** Whether a write there may have a BAR show something else: other accesses have to wait until mappings {@linkplain #follow}. */
    boolean moves(int bar, long offset, long bytes);

    /** Whether what a mapping shows is not what the BAR shows any more. */
    boolean behind();

    /** Has mappings show what the BARs show: {@link World#withoutOffloaded while nothing is offloaded}. */
    void follow();

    /** Stores there are accesses that the device has to hear of. */
    Doorbells doorbells();

    @Override
    void close();

    /**
     * The first bytes of a BAR.
     *
     * @param bytes whole pages
     */
    record Part(int bar, SharedMemory file, long bytes) {}

    /** Registers of 8 bytes, one in each page from a BAR's beginning on, that software only writes. */
    interface Doorbells {
        int bar();

        int count();

        /** Whether the device listens to any of them. */
        boolean heard();

        /**
         * A ring that was carried out already may have come before what was changed since, and was not heard then: whoever listens there now looks whether there is work. What was rung
         * says nothing any more. Called under the device's exclusion.
         */
        void remind(int index);
    }
}
