package dev.openppu.hal.library;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.HostMappings;
import dev.openppu.hal.dma.MappedDmaSpace;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** IOVA mappings of a device in a library: given to it, if it reaches memory by itself, and kept here for those that ask. */
final class LibraryDmaSpace extends MappedDmaSpace {
    /** All of 48 bits but the first 64 KiB, and where a PC's interrupt messages go. */
    private static final List<IovaRange> RANGES = List.of(new IovaRange(1L << 16, 0xFEDF_FFFFL),
            new IovaRange(0xFEF0_0000L, (1L << 48) - 1));

    private final LibraryDevice device;
    private final HostMappings mappings;

    LibraryDmaSpace(LibraryDevice device, HostMappings mappings) {
        super(RANGES, mappings);
        this.device = device;
        this.mappings = mappings;
    }

    @Override
    protected Grant grant(long iova, MemorySegment memory, DmaAccess access) {
        mappings.add(iova, memory, access);
        try {
            boolean given = device.dmaMap(iova, memory, access.readable(), access.writable());
            return new Given(iova, memory.byteSize(), given);
        } catch (RuntimeException e) {
            mappings.remove(iova);
            throw e;
        }
    }

    private final class Given implements Grant {
        private final long iova;
        private final long bytes;
        private final boolean given;

        /** @param given the device reaches it by itself */
        Given(long iova, long bytes, boolean given) {
            this.iova = iova;
            this.bytes = bytes;
            this.given = given;
        }

        @Override
        public void revoke() {
            if (given) {
                try {
                    device.dmaUnmap(iova, bytes);
                } catch (LibraryException e) {
                    throw e; // the device goes on using it: the range stays taken
                } catch (LinkException e) {
                    // the link is closed: the device uses nothing any more
                }
            }
            forget();
        }

        @Override
        public void forget() {
            mappings.remove(iova);
        }
    }
}
