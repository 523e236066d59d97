package dev.openppu.hal.posix.library;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.library.CallsArena;
import dev.openppu.hal.library.LibraryContract;
import dev.openppu.hal.library.LibraryDevice;
import dev.openppu.hal.library.LibraryException;
import dev.openppu.hal.library.LibraryHost;
import dev.openppu.hal.library.LibraryInfo;
import dev.openppu.hal.library.LibraryResult;
import dev.openppu.hal.posix.call.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A device called through FFM. The device's pointer belongs to a shared arena that every call holds while it lasts: closing the arena waits for calls under way and refuses later ones, so that
 * none reaches a device that is gone.
 */
@SuppressWarnings("restricted") // native access is what this package is for
final class ForeignDevice implements LibraryDevice {
    private static final int LONGEST_TEXT = 4096;
    /** Where answers go: of the calling thread, for ever, so that no call allocates. */
    private static final ThreadLocal<MemorySegment> ANSWER = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(DeviceCalls.ANSWER));

    private final ForeignLibrary library;
    /** Of the pointer, and of mapped BARs. */
    private final CallsArena calls = new CallsArena();
    /** Of what the library calls. */
    private final Arena upcalls;
    private final MemorySegment device;
    private final MemorySegment configRead;
    private final MemorySegment configWrite;
    private final MemorySegment barRead;
    private final MemorySegment barWrite;
    private final LibraryInfo info;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ForeignDevice(ForeignLibrary library, Arena upcalls, MemorySegment address) {
        this.library = library;
        this.upcalls = upcalls;
        this.device = address.reinterpret(calls.arena(), null);
        this.configRead = library.required("ppu_device_config_read");
        this.configWrite = library.required("ppu_device_config_write");
        this.barRead = library.required("ppu_device_bar_read");
        this.barWrite = library.required("ppu_device_bar_write");
        this.info = readInfo();
    }

    static ForeignDevice open(ForeignLibrary library, String options, LibraryHost host) {
        Arena upcalls = Arena.ofShared();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ValueLayout.ADDRESS);
            int result = (int) DeviceCalls.OPEN.invokeExact(library.required("ppu_device_open"), arena.allocateFrom(options),
                    Upcalls.structure(host, upcalls), place);
            if (result < 0) {
                throw new LibraryException("ppu_device_open", LibraryResult.of(result), error(library, MemorySegment.NULL));
            }
            MemorySegment address = place.get(ValueLayout.ADDRESS, 0);
            if (address.equals(MemorySegment.NULL)) {
                throw new LibraryException("ppu_device_open", LibraryResult.FAILED, "it says ok and gives no device");
            }
            return new ForeignDevice(library, upcalls, address);
        } catch (Throwable t) {
            if (upcalls.scope().isAlive()) { // a device that was opened and makes no sense has been closed with it
                upcalls.close();
            }
            throw SystemCall.unchecked(t);
        }
    }

    private static String error(ForeignLibrary library, MemorySegment device) {
        try {
            MemorySegment text = (MemorySegment) DeviceCalls.ERROR.invokeExact(library.required("ppu_device_error"), device);
            return text(text);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    private static String text(MemorySegment text) {
        return text.address() == 0 ? "" : text.reinterpret(LONGEST_TEXT).getString(0);
    }

    private void check(String call, int result) {
        if (result < 0) {
            throw new LibraryException(call, LibraryResult.of(result), error(library, device));
        }
    }

    /** What a call may have thrown. An arena that is closed says so by {@link IllegalStateException}. */
    private RuntimeException failure(Throwable t) {
        return t instanceof IllegalStateException && !calls.open()
                ? new LinkException("the link is closed", t)
                : SystemCall.unchecked(t);
    }

    private LibraryInfo readInfo() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment structure = arena.allocate(DeviceCalls.INFO);
            DeviceCalls.INFO_SIZE.set(structure, 0L, (int) DeviceCalls.INFO.byteSize());
            check("ppu_device_get_info", (int) DeviceCalls.ASK.invokeExact(library.required("ppu_device_get_info"), device, structure));
            return LibraryContract.info(text((MemorySegment) DeviceCalls.INFO_DESCRIPTION.get(structure, 0L)),
                    (int) DeviceCalls.INFO_FLAGS.get(structure, 0L), (int) DeviceCalls.INFO_CONFIG_BYTES.get(structure, 0L),
                    (int) DeviceCalls.INFO_VECTORS.get(structure, 0L), (int) DeviceCalls.INFO_RESETS.get(structure, 0L),
                    bar -> (int) DeviceCalls.INFO_BAR_FLAGS.get(structure, 0L, (long) bar));
        } catch (Throwable t) {
            close();
            throw SystemCall.unchecked(t);
        }
    }

    @Override
    public LibraryInfo info() {
        return info;
    }

    @Override
    public int configRead(int offset, int bytes) {
        MemorySegment answer = ANSWER.get();
        try {
            check("ppu_device_config_read", (int) DeviceCalls.CONFIG_READ.invokeExact(configRead, device, offset, bytes, answer));
        } catch (Throwable t) {
            throw failure(t);
        }
        return answer.get(ValueLayout.JAVA_INT, 0);
    }

    @Override
    public void configWrite(int offset, int bytes, int value) {
        try {
            check("ppu_device_config_write", (int) DeviceCalls.CONFIG_WRITE.invokeExact(configWrite, device, offset, bytes, value));
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    @Override
    public long barRead(int bar, long offset, int bytes) {
        MemorySegment answer = ANSWER.get();
        try {
            check("ppu_device_bar_read", (int) DeviceCalls.BAR_READ.invokeExact(barRead, device, bar, offset, bytes, answer));
        } catch (Throwable t) {
            throw failure(t);
        }
        return answer.get(DeviceCalls.ANSWER, 0);
    }

    @Override
    public void barWrite(int bar, long offset, int bytes, long value) {
        try {
            check("ppu_device_bar_write", (int) DeviceCalls.BAR_WRITE.invokeExact(barWrite, device, bar, offset, bytes, value));
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    @Override
    public Optional<MemorySegment> mapBar(int bar, long offset, long bytes) {
        Optional<MemorySegment> map = library.optional("ppu_device_bar_map");
        if (map.isEmpty() || (info.mappable() & 1 << bar) == 0) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ValueLayout.ADDRESS);
            int result = (int) DeviceCalls.BAR_MAP.invokeExact(map.get(), device, bar, offset, bytes, place);
            if (LibraryResult.of(result) == LibraryResult.UNSUPPORTED) {
                return Optional.empty();
            }
            check("ppu_device_bar_map", result);
            return Optional.of(place.get(ValueLayout.ADDRESS, 0).reinterpret(bytes, calls.arena(), null));
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    @Override
    public boolean dmaMap(long iova, MemorySegment memory, boolean reads, boolean writes) {
        Optional<MemorySegment> function = library.optional("ppu_device_dma_map");
        if (function.isEmpty()) {
            return false;
        }
        int rights = LibraryContract.rights(reads, writes);
        try {
            int result = (int) DeviceCalls.DMA_MAP.invokeExact(function.get(), device, iova, memory.byteSize(), memory, rights);
            if (LibraryResult.of(result) == LibraryResult.UNSUPPORTED) {
                return false;
            }
            check("ppu_device_dma_map", result);
            return true;
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    @Override
    public void dmaUnmap(long iova, long bytes) {
        try {
            check("ppu_device_dma_unmap",
                    (int) DeviceCalls.DMA_UNMAP.invokeExact(library.required("ppu_device_dma_unmap"), device, iova, bytes));
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    @Override
    public OptionalLong dmaRefused() {
        Optional<MemorySegment> function = library.optional("ppu_device_dma_refused");
        if (function.isEmpty()) {
            return OptionalLong.empty();
        }
        MemorySegment answer = ANSWER.get();
        try {
            check("ppu_device_dma_refused", (int) DeviceCalls.DMA_REFUSED.invokeExact(function.get(), device, answer, MemorySegment.NULL));
        } catch (Throwable t) {
            throw failure(t);
        }
        return OptionalLong.of(answer.get(DeviceCalls.ANSWER, 0));
    }

    @Override
    public void setInterrupt(int vector, int descriptor) {
        try {
            check("ppu_device_set_interrupt",
                    (int) DeviceCalls.SET_INTERRUPT.invokeExact(library.required("ppu_device_set_interrupt"), device, vector, descriptor));
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    @Override
    public void reset(int kind) {
        try {
            check("ppu_device_reset", (int) DeviceCalls.RESET.invokeExact(library.required("ppu_device_reset"), device, kind));
        } catch (Throwable t) {
            throw failure(t);
        }
    }

    @Override
    public long time() {
        MemorySegment answer = ANSWER.get();
        try {
            check("ppu_device_time", (int) DeviceCalls.ASK.invokeExact(library.required("ppu_device_time"), device, answer));
        } catch (Throwable t) {
            throw failure(t);
        }
        return answer.get(DeviceCalls.ANSWER, 0);
    }

    @Override
    public long advance(long nanos) {
        MemorySegment answer = ANSWER.get();
        try {
            check("ppu_device_advance",
                    (int) DeviceCalls.ADVANCE.invokeExact(library.required("ppu_device_advance"), device, nanos, answer));
        } catch (Throwable t) {
            throw failure(t);
        }
        return answer.get(DeviceCalls.ANSWER, 0);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        MemorySegment address = MemorySegment.ofAddress(device.address());
        calls.end();
        try {
            DeviceCalls.CLOSE.invokeExact(library.required("ppu_device_close"), address);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
        upcalls.close();
    }
}
