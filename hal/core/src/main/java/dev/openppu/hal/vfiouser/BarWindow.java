package dev.openppu.hal.vfiouser;

import dev.openppu.hal.DeviceLink.Bar;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.PartlyMapped;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.HostMemory;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.file.DeadMemory;
import dev.openppu.hal.posix.file.PassedFile;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.protocol.RegionInfo.Area;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One BAR: mapped where the server allows that and nobody can cut its file short, by messages elsewhere. */
final class BarWindow implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(BarWindow.class.getName());
    private static final int READ_WRITE = RegionInfo.READ | RegionInfo.WRITE;

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> places = new ArrayList<>();
    private final long size;
    private final Mmio mmio;

    /**
     * @param mapping whether what the server offers is mapped
     * @param mapped whether any BAR of the device is, now
     */
    static BarWindow open(RemoteDevice device, Bar bar, boolean mapping, BooleanSupplier mapped) {
        RemoteDevice.Region region = device.region(bar.index());
        try {
            if (region.info().size() < bar.size()) {
                throw new LinkException("%s: BAR%d has 0x%x bytes, and the server shows 0x%x of them".formatted(device.connection().name(),
                        bar.index(), bar.size(), region.info().size()));
            }
            return new BarWindow(device.connection(), bar, region, mapping, mapped);
        } finally {
            region.descriptors().forEach(Descriptor::close);
        }
    }

    private BarWindow(Connection connection, Bar bar, RemoteDevice.Region region, boolean mapping, BooleanSupplier mapped) {
        this.size = bar.size();
        List<PartlyMapped.Part> parts = mapping ? map(connection, bar, region) : List.of();
        RemoteRegion messages = new RemoteRegion(connection, bar.index(),
                () -> !mapped.getAsBoolean() && connection.peer().writeMultiple());
        if (parts.size() == 1 && parts.getFirst().offset() == 0 && parts.getFirst().memory().size() == size) {
            mmio = parts.getFirst().memory();
        } else {
            mmio = new TrappedMmio(parts.isEmpty() ? messages : new PartlyMapped(parts, messages), size);
        }
    }

    private List<PartlyMapped.Part> map(Connection connection, Bar bar, RemoteDevice.Region region) {
        RegionInfo info = region.info();
        boolean mappable = (info.flags() & RegionInfo.MMAP) != 0 && (info.flags() & READ_WRITE) == READ_WRITE;
        if (!mappable || region.descriptors().isEmpty()) {
            return List.of();
        }
        PassedFile file = new PassedFile(region.descriptors().getFirst());
        file.keepSize();
        List<Area> areas = info.areas().isEmpty() ? List.of(new Area(0, info.size())) : info.areas();
        List<PartlyMapped.Part> parts = new ArrayList<>();
        for (Area area : areas) {
            part(area).filter(whole -> free(whole, parts)).flatMap(whole -> map(connection, bar, file, info.offset(), whole)).ifPresent(
                    parts::add);
        }
        return parts;
    }

    /** What of an area lies in the BAR, if that is whole pages. */
    private Optional<Area> part(Area area) {
        long bytes = Math.min(area.size(), size - area.offset());
        boolean pages = (area.offset() | bytes) % HostMemory.pageSize() == 0;
        return bytes > 0 && pages ? Optional.of(new Area(area.offset(), bytes)) : Optional.empty();
    }

    private static boolean free(Area area, List<PartlyMapped.Part> parts) {
        return parts.stream()
                .noneMatch(part -> area.offset() < part.offset() + part.memory().size() && part.offset() < area.offset() + area.size());
    }

    private Optional<PartlyMapped.Part> map(Connection connection, Bar bar, PassedFile file, long base, Area area) {
        try {
            MemorySegment memory = file.map(Math.addExact(base, area.offset()), area.size(), true, arena);
            places.add(memory);
            return Optional.of(new PartlyMapped.Part(area.offset(), new MappedMmio(memory)));
        } catch (IllegalArgumentException | ArithmeticException | PosixException e) {
            LOG.log(Level.INFO,
                    () -> "%s: 0x%x bytes at 0x%x of BAR%d go by messages: %s".formatted(connection.name(), area.size(), area.offset(),
                            bar.index(), e.getMessage()));
            return Optional.empty();
        }
    }

    boolean isMapped() {
        return !places.isEmpty();
    }

    long size() {
        return size;
    }

    Mmio mmio() {
        return mmio;
    }

    void lose() {
        places.forEach(DeadMemory::ones);
    }

    @Override
    public void close() {
        arena.close();
    }
}
