package dev.openppu.hal.vfio;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.MappedDmaSpace;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.vfio.VfioAddressSpace;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Host memory mapped by the kernel's IOMMU. */
final class VfioDmaSpace extends MappedDmaSpace {
    private static final int ENOMEM = 12;
    private static final int ENOSPC = 28;

    private final String name;
    private final VfioAddressSpace space;
    private final MappedRanges mapped;

    /** @param name of the link, for messages */
    VfioDmaSpace(String name, VfioAddressSpace space) {
        this(name, space, new MappedRanges());
    }

    private VfioDmaSpace(String name, VfioAddressSpace space, MappedRanges mapped) {
        super(usable(space.ranges()), mapped);
        this.name = name;
        this.space = space;
        this.mapped = mapped;
    }

    /** The kernel's numbers are unsigned. */
    static List<IovaRange> usable(List<IovaRange> ranges) {
        return ranges.stream().filter(range -> range.first() >= 0)
                .map(range -> range.last() < 0 ? new IovaRange(range.first(), Long.MAX_VALUE) : range).toList();
    }

    @Override
    protected Grant grant(long iova, MemorySegment memory, DmaAccess access) {
        long bytes = memory.byteSize();
        requireUsable(iova, bytes);
        mapped.add(iova, bytes);
        try {
            space.map(iova, memory, access.readable(), access.writable());
        } catch (PosixException e) {
            mapped.remove(iova);
            throw new LinkException("%s: cannot map %d bytes at IOVA 0x%x: %s".formatted(name, bytes, iova, reason(e)), e);
        }
        return new Given(iova, bytes);
    }

    /** An IOMMU may have fewer address bits than IOVAs are chosen from. */
    private void requireUsable(long iova, long bytes) {
        if (ranges().stream().noneMatch(range -> iova >= range.first() && iova + bytes - 1 <= range.last())) {
            throw new LinkException(
                    "%s: IOVA range 0x%x, %d bytes, is outside what the IOMMU has: %s".formatted(name, iova, bytes, ranges()));
        }
    }

    private String reason(PosixException e) {
        return switch (e.errno()) {
            case ENOMEM ->
                "%s; this process may lock %s of memory: raise it with 'ulimit -l' or in /etc/security/limits.conf (memlock)".formatted(
                        e.getMessage(), MemoryLimit.now());
            case ENOSPC -> "the kernel allows no more mappings%s: map fewer and larger ranges, or raise vfio_iommu_type1.dma_entry_limit"
                    .formatted(left());
            default -> String.valueOf(e.getMessage());
        };
    }

    private String left() {
        return space.mappingsLeft().isPresent() ? " (%d left)".formatted(space.mappingsLeft().getAsLong()) : "";
    }

    private final class Given implements Grant {
        private final long iova;
        private final long bytes;

        Given(long iova, long bytes) {
            this.iova = iova;
            this.bytes = bytes;
        }

        /** If the kernel refuses, the range stays taken. */
        @Override
        public void revoke() {
            try {
                space.unmap(iova, bytes);
            } catch (PosixException e) {
                throw new LinkException("%s: cannot unmap %d bytes at IOVA 0x%x: %s".formatted(name, bytes, iova, e.getMessage()), e);
            }
            forget();
        }

        @Override
        public void forget() {
            mapped.remove(iova);
        }
    }
}
