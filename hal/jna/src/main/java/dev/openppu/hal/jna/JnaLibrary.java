package dev.openppu.hal.jna;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.library.LibraryContract;
import dev.openppu.hal.library.LibraryDevice;
import dev.openppu.hal.library.LibraryException;
import dev.openppu.hal.library.LibraryHost;
import dev.openppu.hal.library.LibraryResult;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A library that JNA loaded. It stays loaded as long as the process lives, as {@code native:} leaves it, too. */
final class JnaLibrary {
    private static final Map<String, Object> OPTIONS = Map.of(
            Library.OPTION_FUNCTION_MAPPER, (FunctionMapper) (library, method) -> DeviceFunctions.nameInC(method),
            Library.OPTION_STRING_ENCODING, StandardCharsets.UTF_8.name());

    private final NativeLibrary loaded;
    private final DeviceFunctions functions;

    private JnaLibrary(NativeLibrary loaded, DeviceFunctions functions) {
        this.loaded = loaded;
        this.functions = functions;
    }

    /** @throws LinkException if it cannot be loaded, or is none of this interface */
    static JnaLibrary load(Path file) {
        try {
            DeviceFunctions functions = Native.load(file.toString(), DeviceFunctions.class, OPTIONS);
            JnaLibrary library = new JnaLibrary(NativeLibrary.getInstance(file.toString(), OPTIONS), functions);
            LibraryContract.require(file, library::has, functions::abi);
            return library;
        } catch (UnsatisfiedLinkError e) {
            throw new LinkException(
                    "the library %s cannot be loaded: is it there, for this processor, with all that it needs? (ldd tells): %s"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** Whether it has the function that C calls so. */
    boolean has(String name) {
        try {
            return loaded.getGlobalVariableAddress(name) != null;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    DeviceFunctions functions() {
        return functions;
    }

    LibraryDevice open(String options, LibraryHost host) {
        HostStructure structure = new HostStructure(host);
        PointerByReference device = new PointerByReference();
        int result = functions.open(options, structure, device);
        if (result < 0) {
            throw new LibraryException("ppu_device_open", LibraryResult.of(result), text(functions.error(Pointer.NULL)));
        }
        return new JnaDevice(this, structure, device.getValue());
    }

    static String text(@Nullable Pointer text) {
        return text == null ? "" : text.getString(0, StandardCharsets.UTF_8.name());
    }

    @SuppressWarnings("restricted") // memory of the library's becomes a segment
    static MemorySegment segment(Pointer address, long bytes) {
        return MemorySegment.ofAddress(Pointer.nativeValue(address)).reinterpret(bytes);
    }
}
