package dev.openppu.hal.posix.library;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.library.LibraryContract;
import dev.openppu.hal.library.LibraryDevice;
import dev.openppu.hal.library.LibraryException;
import dev.openppu.hal.library.LibraryHost;
import dev.openppu.hal.library.LibraryResult;
import dev.openppu.hal.posix.call.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A library that was loaded for one device. It stays loaded as long as the process lives: threads of its own, or thread-local state, may need its code after its last device is closed.
 */
@SuppressWarnings("restricted") // native access is what this package is for
public final class ForeignLibrary {
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
        LibraryContract.require(file, name -> symbols.find(name).isPresent(), library::abi);
        return library;
    }

    private int abi() {
        try {
            return (int) DeviceCalls.ABI.invokeExact(required("ppu_device_abi"));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
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
