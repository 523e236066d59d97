package dev.openppu.hal.posix.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.openppu.hal.library.LibraryContract;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The shapes of {@code ppu_device.h}: its functions, each called with its address first, and its structures. */
@SuppressWarnings("restricted") // native access is what this package is for
final class DeviceCalls {
    private static final Linker LINKER = Linker.nativeLinker();

    static final MethodHandle ABI = call(FunctionDescriptor.of(JAVA_INT));
    static final MethodHandle OPEN = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    static final MethodHandle CLOSE = call(FunctionDescriptor.ofVoid(ADDRESS));
    /** Also {@code ppu_device_time}: a device and where the answer goes. */
    static final MethodHandle ASK = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    static final MethodHandle ERROR = call(FunctionDescriptor.of(ADDRESS, ADDRESS));
    static final MethodHandle CONFIG_READ = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    static final MethodHandle CONFIG_WRITE = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
    static final MethodHandle BAR_READ = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS));
    static final MethodHandle BAR_WRITE = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG));
    static final MethodHandle BAR_MAP = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS));
    static final MethodHandle DMA_MAP = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT));
    static final MethodHandle DMA_UNMAP = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    static final MethodHandle DMA_REFUSED = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    static final MethodHandle SET_INTERRUPT = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    static final MethodHandle RESET = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    static final MethodHandle ADVANCE = call(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));

    /** {@code dma_read}, {@code dma_write}. */
    static final FunctionDescriptor DMA_CALLBACK = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);
    static final FunctionDescriptor LOG_CALLBACK = FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, ADDRESS);

    static final StructLayout HOST = MemoryLayout.structLayout(JAVA_INT.withName("struct_size"), JAVA_INT.withName("reserved"),
            ADDRESS.withName("host"), ADDRESS.withName("dma_read"), ADDRESS.withName("dma_write"), ADDRESS.withName("log"));
    static final StructLayout BAR = MemoryLayout.structLayout(JAVA_LONG.withName("size"), JAVA_INT.withName("flags"),
            JAVA_INT.withName("reserved"));
    static final StructLayout INFO = MemoryLayout.structLayout(JAVA_INT.withName("struct_size"), JAVA_INT.withName("flags"),
            ADDRESS.withName("description"), JAVA_INT.withName("config_bytes"), JAVA_INT.withName("vectors"),
            MemoryLayout.sequenceLayout(LibraryContract.BARS, BAR).withName("bars"), JAVA_INT.withName("resets"),
            JAVA_INT.withName("reserved"));

    static final VarHandle HOST_SIZE = field(HOST, "struct_size");
    static final VarHandle HOST_DMA_READ = field(HOST, "dma_read");
    static final VarHandle HOST_DMA_WRITE = field(HOST, "dma_write");
    static final VarHandle HOST_LOG = field(HOST, "log");
    static final VarHandle INFO_SIZE = field(INFO, "struct_size");
    static final VarHandle INFO_FLAGS = field(INFO, "flags");
    static final VarHandle INFO_DESCRIPTION = field(INFO, "description");
    static final VarHandle INFO_CONFIG_BYTES = field(INFO, "config_bytes");
    static final VarHandle INFO_VECTORS = field(INFO, "vectors");
    static final VarHandle INFO_RESETS = field(INFO, "resets");
    static final VarHandle INFO_BAR_FLAGS = INFO.varHandle(PathElement.groupElement("bars"), PathElement.sequenceElement(),
            PathElement.groupElement("flags"));

    private DeviceCalls() {}

    private static MethodHandle call(FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(descriptor);
    }

    private static VarHandle field(StructLayout layout, String name) {
        return layout.varHandle(PathElement.groupElement(name));
    }

    static Linker linker() {
        return LINKER;
    }

    /** An answer of any width up to 64 bits. */
    static final ValueLayout.OfLong ANSWER = JAVA_LONG;
}
