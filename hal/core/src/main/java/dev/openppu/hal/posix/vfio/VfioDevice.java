package dev.openppu.hal.posix.vfio;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.file.KernelFile;
import dev.openppu.hal.posix.vfio.VfioRegion.Area;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;

/** An open device: its regions, interrupts and reset. Thread-safe, but for {@link #close}. */
public final class VfioDevice implements AutoCloseable {
    private static final int READ = 1;
    private static final int WRITE = 1 << 1;
    private static final int MMAP = 1 << 2;
    private static final int CAPS = 1 << 3;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    private static final int ASKED_AGAIN = 3;
    private static final int MOST_FUNCTIONS = 1 << 16;

    private final KernelFile file;
    private final boolean resets;

    /** Interrupts of a PCI function, numbered by the kernel. */
    public enum Irq {
        INTX, MSI, MSIX, ERROR, REQUEST
    }

    VfioDevice(KernelFile file) {
        this.file = file;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment information = VfioStructures.sized(arena, VfioStructures.DEVICE_INFO_BYTES);
            VfioGroup.ask(file, VfioRequest.DEVICE_GET_INFO, information);
            this.resets = (information.get(ValueLayout.JAVA_INT, VfioStructures.FLAGS) & VfioStructures.DEVICE_RESETS) != 0;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Whether it can be reset alone. */
    public boolean resets() {
        return resets;
    }

    /** Returns when the function is ready again and the kernel has restored its configuration. */
    public void reset() {
        VfioGroup.ask(file, VfioRequest.DEVICE_RESET, 0);
    }

    /** What a reset of the bus above it takes along; empty if the kernel can reset none. */
    public Optional<HotResetScope> hotResetScope() {
        int room = 1;
        for (int i = 0; i < ASKED_AGAIN; i++) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment information = VfioStructures.sized(arena,
                        VfioStructures.HOT_RESET_HEAD + room * VfioStructures.DEPENDENT_BYTES);
                try {
                    VfioGroup.ask(file, VfioRequest.DEVICE_GET_PCI_HOT_RESET_INFO, information);
                    return Optional.of(HotResetScope.of(information));
                } catch (PosixException e) {
                    int needed = information.get(ValueLayout.JAVA_INT, VfioStructures.HOT_RESET_COUNT);
                    if (e.errno() != ENOSPC || needed <= room || needed > MOST_FUNCTIONS) {
                        return Optional.empty(); // ENODEV: there is no slot or bus of its own to reset
                    }
                    room = needed;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Resets the bus above it; returns when all functions are ready again and the kernel has restored their configuration.
     *
     * @param owners files of the groups that they are in; none by iommufd
     */
    public void hotReset(List<Integer> owners) {
        try (Arena arena = Arena.ofConfined()) {
            VfioGroup.ask(file, VfioRequest.DEVICE_PCI_HOT_RESET, VfioStructures.hotReset(arena, owners));
        }
    }

    /** A region as the kernel describes it; of size 0 if there is none. */
    public VfioRegion region(int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment information = Growing.ask(arena, VfioStructures.REGION_INFO_BYTES,
                    bytes -> VfioStructures.indexed(arena, bytes, index),
                    structure -> VfioGroup.ask(file, VfioRequest.DEVICE_GET_REGION_INFO, structure));
            return region(index, information);
        }
    }

    static VfioRegion region(int index, MemorySegment information) {
        int flags = information.get(ValueLayout.JAVA_INT, VfioStructures.FLAGS);
        int first = (flags & CAPS) == 0 ? 0 : information.get(ValueLayout.JAVA_INT, VfioStructures.REGION_CAP_OFFSET);
        long size = information.get(ValueLayout.JAVA_LONG, VfioStructures.REGION_SIZE);
        long offset = information.get(ValueLayout.JAVA_LONG, VfioStructures.REGION_OFFSET);
        List<Area> areas = (flags & MMAP) == 0 || size == 0 ? List.of() : areas(new CapabilityChain(information, first), size);
        return new VfioRegion(index, size, offset, (flags & READ) != 0, (flags & WRITE) != 0, areas);
    }

    /** What the kernel lists, as far as it is inside; all of it where it lists nothing. */
    private static List<Area> areas(CapabilityChain chain, long size) {
        return chain.pairs(CapabilityChain.SPARSE_MMAP)
                .map(pairs -> pairs.stream().map(pair -> new Area(pair.left(), pair.right()))
                        .filter(area -> area.size() > 0 && area.offset() >= 0 && area.offset() <= size - area.size()).toList())
                .orElseGet(() -> List.of(new Area(0, size)));
    }

    /** How many of an interrupt the function has that can be signalled by eventfd; 0 if it has none of that kind. */
    public int count(Irq irq) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment information = VfioStructures.indexed(arena, VfioStructures.IRQ_INFO_BYTES, irq.ordinal());
            VfioGroup.ask(file, VfioRequest.DEVICE_GET_IRQ_INFO, information);
            boolean signalled = (information.get(ValueLayout.JAVA_INT, VfioStructures.FLAGS) & VfioStructures.IRQ_EVENTFD) != 0;
            return signalled ? information.get(ValueLayout.JAVA_INT, VfioStructures.IRQ_COUNT) : 0;
        } catch (PosixException e) {
            if (e.errno() == EINVAL) {
                return 0; // so it is answered for what the function cannot have
            }
            throw e;
        }
    }

    /** From now on the first so many of an interrupt are signalled through these; the others are off. */
    public void trigger(Irq irq, List<EventDescriptor> events) {
        try (Arena arena = Arena.ofConfined()) {
            VfioGroup.ask(file, VfioRequest.DEVICE_SET_IRQS,
                    VfioStructures.triggers(arena, irq.ordinal(), events.stream().map(EventDescriptor::number).toList()));
        }
    }

    /** Turns an interrupt off; nothing if it is. */
    public void disable(Irq irq) {
        try (Arena arena = Arena.ofConfined()) {
            VfioGroup.ask(file, VfioRequest.DEVICE_SET_IRQS, VfioStructures.noTriggers(arena, irq.ordinal()));
        }
    }

    /** Reads from a region; the offset is inside. */
    public void read(VfioRegion region, long offset, MemorySegment buffer) {
        require("read", region, offset, buffer, file.read(region.offset() + offset, buffer));
    }

    /** Writes to a region; the offset is inside. */
    public void write(VfioRegion region, long offset, MemorySegment buffer) {
        require("written", region, offset, buffer, file.write(region.offset() + offset, buffer));
    }

    private static void require(String what, VfioRegion region, long offset, MemorySegment buffer, long done) {
        if (done != buffer.byteSize()) {
            throw new LinkException("%d of %d bytes were %s at 0x%x of region %d".formatted(done, buffer.byteSize(), what, offset,
                    region.index()));
        }
    }

    /** Maps an area of a region until the arena is closed. */
    public MemorySegment map(VfioRegion region, Area area, Arena arena) {
        return file.map(region.offset() + area.offset(), area.size(), region.writable(), arena);
    }

    /** When nobody uses it any more, mappings excepted. Idempotent. */
    @Override
    public void close() {
        file.close();
    }
}
