package dev.openppu.hal.posix.library;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.library.LibraryDevice;
import dev.openppu.hal.library.LibraryException;
import dev.openppu.hal.library.LibraryHost;
import dev.openppu.hal.library.LibraryResult;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A library that was loaded for one device. It stays loaded as long as the process lives: threads of its own, or thread-local state, may need its code after its last device is closed.
 */
@SuppressWarnings("restricted") // native access is what this package is for
public final class ForeignLibrary {
    private static final List<String> REQUIRED = List.of("ppu_device_abi", "ppu_device_open", "ppu_device_close", "ppu_device_get_info",
            "ppu_device_error",
            "ppu_device_config_read", "ppu_device_config_write", "ppu_device_bar_read", "ppu_device_bar_write", "ppu_device_set_interrupt",
            "ppu_device_reset",
            "ppu_device_time");

    private final Path file;
    private final SymbolLookup symbols;

    private ForeignLibrary(Path file, SymbolLookup symbols) {
        this.file = file;
        this.symbols = symbols;
    }

    /**
     * Loads a library and looks whether it is one of this interface.
     *
     * @throws LinkException saying what is wrong with it
     */
    public static ForeignLibrary load(Path file) {
        SymbolLookup symbols;
        try {
            symbols = SymbolLookup.libraryLookup(file.toAbsolutePath(), Arena.global());
        } catch (IllegalArgumentException e) {
            throw new LinkException(
                    "the library %s cannot be loaded: is it there, for this processor, with all that it needs? (ldd tells): %s"
                            .formatted(file, e.getMessage()),
                    e);
        }
        ForeignLibrary library = new ForeignLibrary(file, symbols);
        library.requireInterface();
        return library;
    }

    private void requireInterface() {
        List<String> missing = new ArrayList<>(REQUIRED.stream().filter(name -> symbols.find(name).isEmpty()).toList());
        if (!missing.isEmpty()) {
            throw new LinkException(
                    "%s is no device library: it lacks %s (native-stubs/include/ppu_device.h)".formatted(file, String.join(", ", missing)));
        }
        int abi = abi();
        if (abi >>> 16 != DeviceCalls.ABI_MAJOR) {
            throw new LinkException(
                    "%s speaks version %d.%d of the device interface, this program %d.x: build it with this program's ppu_device.h"
                            .formatted(file, abi >>> 16,
                                    abi & 0xffff, DeviceCalls.ABI_MAJOR));
        }
        if (optional("ppu_device_dma_map").isPresent() != optional("ppu_device_dma_unmap").isPresent()) {
            throw new LinkException(
                    "%s has one of ppu_device_dma_map and ppu_device_dma_unmap, and must have both or neither".formatted(file));
        }
    }

    private int abi() {
        try {
            return (int) DeviceCalls.ABI.invokeExact(required("ppu_device_abi"));
        } catch (Throwable t) {
            throw Failures.unchecked(t);
        }
    }

    MemorySegment required(String name) {
        return symbols.find(name).orElseThrow(() -> new LinkException("%s lacks %s".formatted(file, name)));
    }

    Optional<MemorySegment> optional(String name) {
        return symbols.find(name);
    }

    /**
     * Powers a device on.
     *
     * @param options {@code name=value&name=value}, the library's own
     * @throws LibraryException {@link LibraryResult#OPTION} if it does not take one
     */
    public LibraryDevice open(String options, LibraryHost host) {
        return ForeignDevice.open(this, options, host);
    }
}
