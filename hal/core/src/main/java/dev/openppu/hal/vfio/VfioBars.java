package dev.openppu.hal.vfio;

import dev.openppu.hal.DeviceLink.Bar;
import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.PartlyMapped;
import dev.openppu.hal.mmio.PartlyMapped.Part;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.vfio.VfioDevice;
import dev.openppu.hal.posix.vfio.VfioRegion;
import dev.openppu.hal.posix.vfio.VfioRegion.Area;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The BARs that the kernel shows: mapped where it allows that, by calls elsewhere. Thread-safe. */
final class VfioBars implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final VfioDevice device;
    private final List<Bar> bars;
    private final Map<Integer, Mmio> windows = new ConcurrentHashMap<>();

    VfioBars(VfioDevice device, ConfigSpace config) {
        this.device = device;
        List<Bar> found = new ArrayList<>();
        for (int index = 0; index < Header.BARS; index++) {
            VfioRegion region = device.region(index);
            int register = config.read32(Header.bar(index));
            boolean memory = (register & PciRegister.Bar.IO_SPACE) == 0;
            boolean wide = memory && (register & PciRegister.Bar.TYPE_MASK) == PciRegister.Bar.TYPE_64_BIT;
            if (region.size() > 0 && memory) {
                found.add(new Bar(index, region.size(), wide, (register & PciRegister.Bar.PREFETCHABLE) != 0));
            }
            index += wide ? 1 : 0;
        }
        this.bars = List.copyOf(found);
    }

    List<Bar> all() {
        return bars;
    }

    /** A BAR that there is. */
    Mmio window(int index) {
        return windows.computeIfAbsent(index, this::open);
    }

    private Mmio open(int index) {
        VfioRegion region = device.region(index);
        List<Part> mapped = new ArrayList<>();
        for (Area area : region.areas()) {
            map(region, area).ifPresent(memory -> mapped.add(new Part(area.offset(), new MappedMmio(memory))));
        }
        return region.mappable() && mapped.size() == 1
                ? mapped.getFirst().memory()
                : new TrappedMmio(new PartlyMapped(mapped, new RegionTrap(device, region)), region.size());
    }

    /** A part that the kernel will not map after all goes by calls. */
    private Optional<MemorySegment> map(VfioRegion region, Area area) {
        try {
            return Optional.of(device.map(region, area, arena));
        } catch (PosixException e) {
            return Optional.empty();
        }
    }

    /** Accesses end with {@link IllegalStateException} from now on. */
    @Override
    public void close() {
        arena.close();
    }
}
