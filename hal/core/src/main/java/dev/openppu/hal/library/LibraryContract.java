package dev.openppu.hal.library;

import dev.openppu.hal.LinkException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/** What {@code native-stubs/include/ppu_device.h} lays down, whichever way a library is called. */
public final class LibraryContract {
    /** {@code PPU_DEVICE_ABI_MAJOR}. */
    public static final int ABI_MAJOR = 1;
    /** {@code PPU_DEVICE_BARS}. */
    public static final int BARS = 6;
    /** {@code PPU_DEVICE_SIMULATED}. */
    public static final int SIMULATED = 1;
    /** {@code PPU_DEVICE_STEPPED}. */
    public static final int STEPPED = 2;
    /** {@code PPU_BAR_MAPPABLE}. */
    public static final int MAPPABLE = 4;
    /** {@code PPU_DMA_READ}. */
    public static final int DMA_READ = 1;
    /** {@code PPU_DMA_WRITE}. */
    public static final int DMA_WRITE = 2;

    private static final String PREFIX = "ppu_device_";
    private static final List<String> REQUIRED = List.of("abi", "open", "close", "get_info", "error", "config_read", "config_write",
            "bar_read",
            "bar_write", "set_interrupt", "reset", "time");

    private LibraryContract() {}

    /**
     * Looks whether a library that was loaded is one of this interface.
     *
     * @param has whether it has a function of that name
     * @param abi calls its {@code ppu_device_abi}
     * @throws LinkException saying what is wrong with it
     */
    public static void require(Path file, Predicate<String> has, IntSupplier abi) {
        List<String> missing = REQUIRED.stream().map(PREFIX::concat).filter(has.negate()).toList();
        if (!missing.isEmpty()) {
            throw new LinkException(
                    "%s is no device library: it lacks %s (native-stubs/include/ppu_device.h)".formatted(file, String.join(", ", missing)));
        }
        int version = abi.getAsInt();
        if (version >>> 16 != ABI_MAJOR) {
            throw new LinkException(
                    "%s speaks version %d.%d of the device interface, this program %d.x: build it with this program's ppu_device.h"
                            .formatted(file, version >>> 16, version & 0xffff, ABI_MAJOR));
        }
        if (has.test("ppu_device_dma_map") != has.test("ppu_device_dma_unmap")) {
            throw new LinkException(
                    "%s has one of ppu_device_dma_map and ppu_device_dma_unmap, and must have both or neither".formatted(file));
        }
    }

    /** What the fields of {@code ppu_device_info} mean; {@code barFlags} gives each BAR's. */
    public static LibraryInfo info(String description, int flags, int configBytes, int vectors, int resets, IntUnaryOperator barFlags) {
        int mappable = 0;
        for (int bar = 0; bar < BARS; bar++) {
            mappable |= (barFlags.applyAsInt(bar) & MAPPABLE) != 0 ? 1 << bar : 0;
        }
        return new LibraryInfo(description, (flags & SIMULATED) != 0, (flags & STEPPED) != 0, configBytes, vectors, resets, mappable);
    }

    /** The rights of a mapping. */
    public static int rights(boolean reads, boolean writes) {
        return (reads ? DMA_READ : 0) | (writes ? DMA_WRITE : 0);
    }
}
