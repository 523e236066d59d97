package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.vfiouser.protocol.PciRegion;
import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.server.ServedFunction.Bar;
import dev.openppu.hal.vfiouser.server.ServedFunction.Shared;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** The function's regions: what there is, and accesses to it. */
final class Regions {
    private final ServedFunction function;

    Regions(ServedFunction function) {
        this.function = function;
    }

    RegionInfo info(RegionInfo question) {
        int index = question.index();
        if (index < 0 || index >= PciRegion.COUNT) {
            throw ProtocolException
                    .malformed("there is no region %s; there are %d".formatted(Integer.toUnsignedString(index), PciRegion.COUNT));
        }
        List<RegionInfo.Area> areas = shared(index).map(Shared::areas).orElse(List.of());
        int flags = (size(index) == 0 ? 0 : RegionInfo.READ | RegionInfo.WRITE)
                | (areas.isEmpty() ? 0 : RegionInfo.MMAP | RegionInfo.CAPABILITIES);
        RegionInfo whole = new RegionInfo(RegionInfo.bytesWith(areas.size()), flags, index, size(index), 0, areas);
        return Integer.toUnsignedLong(question.argsz()) < whole.bytes() ? whole.withoutAreas() : whole;
    }

    /** What clients may map of a region. */
    Optional<Shared> shared(int index) {
        return bar(index).flatMap(Bar::shared);
    }

    private Optional<Bar> bar(int index) {
        return function.bars().stream().filter(bar -> bar.index() == index).findFirst();
    }

    private long size(int index) {
        return index == PciRegion.CONFIG ? ServedFunction.CONFIG_BYTES : bar(index).map(Bar::size).orElse(0L);
    }

    /** Reads as much as {@code destination} has room for. */
    void read(RegionAccess access, MemorySegment destination) {
        require(access);
        if (destination.byteSize() == 0) {
            return;
        }
        if (access.region() == PciRegion.CONFIG) {
            function.readConfig((int) access.offset(), destination);
        } else {
            function.readBar(access.region(), access.offset(), destination);
        }
    }

    void write(RegionAccess access, MemorySegment source) {
        require(access);
        if (source.byteSize() == 0) {
            return;
        }
        if (access.region() == PciRegion.CONFIG) {
            function.writeConfig((int) access.offset(), source);
        } else {
            function.writeBar(access.region(), access.offset(), source);
        }
    }

    private void require(RegionAccess access) {
        long size = size(access.region());
        if (size == 0) {
            throw ProtocolException.refused("there is nothing behind region %s".formatted(Integer.toUnsignedString(access.region())),
                    ProtocolException.EINVAL);
        }
        if (access.offset() < 0 || access.offset() > size - access.count()) {
            throw ProtocolException
                    .refused("%d bytes at 0x%x leave region %d of 0x%x".formatted(access.count(), access.offset(), access.region(),
                            size), ProtocolException.EINVAL);
        }
    }
}
