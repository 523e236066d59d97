package dev.openppu.hal.jna;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.library.CallsArena;
import dev.openppu.hal.library.LibraryContract;
import dev.openppu.hal.library.LibraryDevice;
import dev.openppu.hal.library.LibraryException;
import dev.openppu.hal.library.LibraryInfo;
import dev.openppu.hal.library.LibraryResult;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;

/** A device called through JNA. Calls share a lock that closing takes alone, so that none reaches a device that is gone. */
final class JnaDevice implements LibraryDevice {
    /** Where answers go: of the calling thread, for ever. */
    private static final ThreadLocal<Memory> ANSWER = ThreadLocal.withInitial(() -> new Memory(Long.BYTES));

    private final JnaLibrary library;
    private final DeviceFunctions functions;
    /** What the library calls back must outlive its device. */
    private final HostStructure host;
    private final Pointer device;
    /** Of mapped BARs: no access reaches them after the end. */
    private final CallsArena mappings = new CallsArena();
    private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock();
    private final LibraryInfo info;
    private boolean closed;

    JnaDevice(JnaLibrary library, HostStructure host, Pointer device) {
        this.library = library;
        this.functions = library.functions();
        this.host = host;
        this.device = device;
        try {
            this.info = readInfo();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private LibraryInfo readInfo() {
        InfoStructure structure = new InfoStructure();
        call("ppu_device_get_info", () -> functions.getInfo(device, structure));
        return structure.toInfo();
    }

    /** @throws LibraryException if it fails */
    private void call(String name, IntSupplier function) {
        attempt(name, function, false);
    }

    /** @return {@code false} if it is unsupported and may be */
    private boolean attempt(String name, IntSupplier function, boolean mayBeUnsupported) {
        calls.readLock().lock();
        try {
            if (closed) {
                throw new LinkException("the link is closed");
            }
            int result = function.getAsInt();
            if (result >= 0) {
                return true;
            }
            if (mayBeUnsupported && result == LibraryResult.UNSUPPORTED.code()) {
                return false;
            }
            throw new LibraryException(name, LibraryResult.of(result), JnaLibrary.text(functions.error(device)));
        } finally {
            calls.readLock().unlock();
        }
    }

    @Override
    public LibraryInfo info() {
        return info;
    }

    @Override
    public int configRead(int offset, int bytes) {
        Memory answer = ANSWER.get();
        call("ppu_device_config_read", () -> functions.configRead(device, offset, bytes, answer));
        return answer.getInt(0);
    }

    @Override
    public void configWrite(int offset, int bytes, int value) {
        call("ppu_device_config_write", () -> functions.configWrite(device, offset, bytes, value));
    }

    @Override
    public long barRead(int bar, long offset, int bytes) {
        Memory answer = ANSWER.get();
        call("ppu_device_bar_read", () -> functions.barRead(device, bar, offset, bytes, answer));
        return answer.getLong(0);
    }

    @Override
    public void barWrite(int bar, long offset, int bytes, long value) {
        call("ppu_device_bar_write", () -> functions.barWrite(device, bar, offset, bytes, value));
    }

    @Override
    @SuppressWarnings("restricted") // memory of the library's becomes a segment
    public Optional<MemorySegment> mapBar(int bar, long offset, long bytes) {
        if (!library.has("ppu_device_bar_map") || (info.mappable() & 1 << bar) == 0) {
            return Optional.empty();
        }
        PointerByReference place = new PointerByReference();
        return attempt("ppu_device_bar_map", () -> functions.barMap(device, bar, offset, bytes, place), true)
                ? Optional.of(JnaLibrary.segment(place.getValue(), bytes).reinterpret(mappings.arena(), null))
                : Optional.empty();
    }

    @Override
    public boolean dmaMap(long iova, MemorySegment memory, boolean reads, boolean writes) {
        Pointer address = new Pointer(memory.address());
        int rights = LibraryContract.rights(reads, writes);
        return library.has("ppu_device_dma_map")
                && attempt("ppu_device_dma_map", () -> functions.dmaMap(device, iova, memory.byteSize(), address, rights), true);
    }

    @Override
    public void dmaUnmap(long iova, long bytes) {
        call("ppu_device_dma_unmap", () -> functions.dmaUnmap(device, iova, bytes));
    }

    @Override
    public OptionalLong dmaRefused() {
        if (!library.has("ppu_device_dma_refused")) {
            return OptionalLong.empty();
        }
        Memory answer = ANSWER.get();
        call("ppu_device_dma_refused", () -> functions.dmaRefused(device, answer, Pointer.NULL));
        return OptionalLong.of(answer.getLong(0));
    }

    @Override
    public void setInterrupt(int vector, int descriptor) {
        call("ppu_device_set_interrupt", () -> functions.setInterrupt(device, vector, descriptor));
    }

    @Override
    public void reset(int kind) {
        call("ppu_device_reset", () -> functions.reset(device, kind));
    }

    @Override
    public long time() {
        Memory answer = ANSWER.get();
        call("ppu_device_time", () -> functions.time(device, answer));
        return answer.getLong(0);
    }

    @Override
    public long advance(long nanos) {
        Memory answer = ANSWER.get();
        call("ppu_device_advance", () -> functions.advance(device, nanos, answer));
        return answer.getLong(0);
    }

    @Override
    public void close() {
        calls.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            calls.writeLock().unlock();
        }
        mappings.end();
        try {
            functions.close(device);
        } finally {
            Reference.reachabilityFence(host);
        }
    }
}
