package dev.openppu.hal.vfiouser;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaObserver;
import dev.openppu.hal.dma.HostMappings;
import dev.openppu.hal.dma.MappedDmaSpace;
import dev.openppu.hal.posix.HostMemory;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** IOVA mappings at a server: memory of this link's own by its descriptor, a caller's by messages. */
final class RemoteDmaSpace extends MappedDmaSpace {
    /** All of 48 bits but the first 64 KiB, and where a PC's interrupt messages go. */
    private static final List<IovaRange> RANGES = List.of(new IovaRange(1L << 16, 0xFEDF_FFFFL),
            new IovaRange(0xFEF0_0000L, (1L << 48) - 1));

    private final RemoteDevice device;
    private final HostMappings mappings;
    private final SharedPages pages;
    private final ByMessages byMessages;
    private volatile boolean observed;

    /** Whose accesses go by messages, so that they are seen here. */
    enum ByMessages {
        /** Those to memory of the caller's, which has no descriptor. */
        CALLERS,
        /** The same; all of them once somebody wants to see each. */
        CALLERS_OR_OBSERVED,
        /** All: the server gets no descriptor of any memory. */
        ALL
    }

    RemoteDmaSpace(RemoteDevice device, HostMappings mappings, SharedPages pages, ByMessages byMessages) {
        super(RANGES, mappings, pages);
        this.device = device;
        this.mappings = mappings;
        this.pages = pages;
        this.byMessages = byMessages;
        long smallest = Long.lowestOneBit(device.connection().peer().pageSizes());
        if (smallest > HostMemory.pageSize()) {
            throw new LinkException(
                    "%s: the server maps pages of %d bytes, and this host's have %d".formatted(device.connection().name(), smallest,
                            HostMemory.pageSize()));
        }
    }

    /** Of what is mapped later, unless the server is to have descriptors. */
    @Override
    public boolean observe(DmaObserver observer) {
        if (byMessages == ByMessages.CALLERS) {
            return false;
        }
        observed = true;
        mappings.observe(observer);
        return true;
    }

    @Override
    protected Grant grant(long iova, MemorySegment memory, DmaAccess access) {
        long most = device.connection().peer().maxDmaMaps();
        if (mappings() >= most) {
            throw new LinkException(
                    "%s: the server takes %d DMA mappings at a time, and all are in use".formatted(device.connection().name(), most));
        }
        mappings.add(iova, memory, access);
        try {
            map(iova, memory, access);
            return new Given(iova, memory.byteSize());
        } catch (RuntimeException e) {
            mappings.remove(iova);
            throw e;
        }
    }

    private void map(long iova, MemorySegment memory, DmaAccess access) {
        int flags = (access.readable() ? DmaMap.READ : 0) | (access.writable() ? DmaMap.WRITE : 0);
        Optional<SharedPages.Place> place = observed || byMessages == ByMessages.ALL ? Optional.empty() : pages.place(memory);
        if (place.isPresent()) {
            device.map(new DmaMap(flags, place.get().offset(), iova, memory.byteSize()), place.get().descriptor());
        } else {
            device.map(new DmaMap(flags, 0, iova, memory.byteSize()));
        }
    }

    private final class Given implements Grant {
        private final long iova;
        private final long bytes;

        Given(long iova, long bytes) {
            this.iova = iova;
            this.bytes = bytes;
        }

        /** Memory that a lost server has mapped is no other's: it is given to nobody outside this link, which maps nothing any more. */
        @Override
        public void revoke() {
            try {
                device.unmap(iova, bytes);
            } catch (RefusedException e) {
                throw e; // the device may go on using it: the range stays taken
            } catch (LinkException e) {
                // the server is lost, or the link closed
            }
            forget();
        }

        @Override
        public void forget() {
            mappings.remove(iova);
        }
    }
}
