package dev.openppu.hal.posix.library;

import dev.openppu.hal.library.LibraryHost;
import dev.openppu.hal.library.LibraryResult;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** A host's functions as C calls them: {@code ppu_host}. Nothing that they throw reaches C. */
@SuppressWarnings("restricted") // native access is what this package is for
final class Upcalls {
    private static final System.Logger LOG = System.getLogger(Upcalls.class.getName());
    private static final int LONGEST_LINE = 4096;

    private final LibraryHost host;

    private Upcalls(LibraryHost host) {
        this.host = host;
    }

    /** The structure; it and its functions live as long as the arena. */
    static MemorySegment structure(LibraryHost host, Arena arena) {
        Upcalls upcalls = new Upcalls(host);
        MemorySegment structure = arena.allocate(DeviceCalls.HOST);
        DeviceCalls.HOST_SIZE.set(structure, 0L, (int) DeviceCalls.HOST.byteSize());
        DeviceCalls.HOST_DMA_READ.set(structure, 0L, stub(upcalls, "read", DeviceCalls.DMA_CALLBACK, arena));
        DeviceCalls.HOST_DMA_WRITE.set(structure, 0L, stub(upcalls, "write", DeviceCalls.DMA_CALLBACK, arena));
        DeviceCalls.HOST_LOG.set(structure, 0L, stub(upcalls, "log", DeviceCalls.LOG_CALLBACK, arena));
        return structure;
    }

    private static MemorySegment stub(Upcalls upcalls, String name, FunctionDescriptor shape, Arena arena) {
        try {
            MethodType type = shape.toMethodType();
            return DeviceCalls.linker().upcallStub(MethodHandles.lookup().findVirtual(Upcalls.class, name, type).bindTo(upcalls), shape,
                    arena);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the shape of an upcall", e);
        }
    }

    @SuppressWarnings("unused") // C calls it
    private int read(MemorySegment self, long iova, MemorySegment buffer, long bytes) {
        try {
            return result(host.dmaRead(iova, buffer.reinterpret(bytes)));
        } catch (Throwable t) {
            return failed(t);
        }
    }

    @SuppressWarnings("unused") // C calls it
    private int write(MemorySegment self, long iova, MemorySegment buffer, long bytes) {
        try {
            return result(host.dmaWrite(iova, buffer.reinterpret(bytes).asReadOnly()));
        } catch (Throwable t) {
            return failed(t);
        }
    }

    @SuppressWarnings("unused") // C calls it
    private void log(MemorySegment self, int level, MemorySegment text) {
        try {
            host.log(level, text.reinterpret(LONGEST_LINE).getString(0));
        } catch (Throwable t) {
            failed(t);
        }
    }

    private static int result(boolean granted) {
        return (granted ? LibraryResult.OK : LibraryResult.INVALID).code();
    }

    private static int failed(Throwable t) {
        LOG.log(System.Logger.Level.ERROR, "a device in a library asked something of its host that failed", t);
        return LibraryResult.FAILED.code();
    }
}
