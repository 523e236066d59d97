package dev.openppu.hal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's memory calls by their C names; a failure becomes a {@link PosixException} that names call, arguments and error.
 *
 * <p>Constants are Linux's, the same on x86-64 and AArch64.
 */
@SuppressWarnings("restricted") // native access is what this package is for
final class MemoryCalls {
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_PRIVATE = 2;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_NORESERVE = 0x4000;
    static final int MADV_DONTNEED = 4;
    static final int MADV_NOHUGEPAGE = 15;
    static final int MADV_DONTDUMP = 16;

    private static final int SC_PAGESIZE = 30;
    private static final long MAP_FAILED = -1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private static final MethodHandle MMAP = call("mmap",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP = call("munmap",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MADVISE = call("madvise",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle MINCORE = call("mincore",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS));
    private static final MethodHandle SYSCONF = call("sysconf", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    /** Not left for a safepoint, as the JDK's own copies, so callers keep it to some hundred microseconds; may be given memory of the heap. */
    private static final MethodHandle MEMCPY = LINKER.downcallHandle(symbol("memcpy"),
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG), Linker.Option.critical(true));

    private MemoryCalls() {}

    private static MethodHandle call(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(symbol(name), descriptor, CAPTURE);
    }

    private static MemorySegment symbol(String name) {
        return LINKER.defaultLookup().find(name).orElseThrow(
                () -> new UnsupportedOperationException("this system's C library has no '%s': OpenPPU needs 64-bit Linux".formatted(name)));
    }

    /** Maps anonymous memory anywhere; the segment's lifetime is global. */
    static MemorySegment mmap(long bytes, int protection, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = callState(arena);
            MemorySegment address = (MemorySegment) MMAP.invokeExact(state, MemorySegment.NULL, bytes, protection, flags, -1, 0L);
            if (address.address() == MAP_FAILED) {
                throw new PosixException("mmap(length=%d, prot=0x%x, flags=0x%x)".formatted(bytes, protection, flags), errno(state));
            }
            return address.reinterpret(bytes);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    static void munmap(MemorySegment range) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = callState(arena);
            check((int) MUNMAP.invokeExact(state, range, range.byteSize()), state, "munmap", range);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    static void madvise(MemorySegment range, int advice) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = callState(arena);
            check((int) MADVISE.invokeExact(state, range, range.byteSize(), advice), state, "madvise[advice=" + advice + "]", range);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** @param pages one byte a page, bit 0 set if the page is in memory */
    static void mincore(MemorySegment range, MemorySegment pages) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = callState(arena);
            check((int) MINCORE.invokeExact(state, range, range.byteSize(), pages), state, "mincore", range);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    static long pageSize() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = callState(arena);
            long size = (long) SYSCONF.invokeExact(state, SC_PAGESIZE);
            if (size <= 0) {
                throw new PosixException("sysconf(_SC_PAGESIZE)", errno(state));
            }
            return size;
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** The ranges do not overlap. */
    static void memcpy(MemorySegment to, MemorySegment from, long bytes) {
        try {
            MEMCPY.invokeExact(to, from, bytes);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    private static MemorySegment callState(Arena arena) {
        return arena.allocate(CALL_STATE);
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static void check(int result, MemorySegment state, String call, MemorySegment range) {
        if (result != 0) {
            throw new PosixException("%s(address=0x%x, length=%d)".formatted(call, range.address(), range.byteSize()), errno(state));
        }
    }

    private static RuntimeException unchecked(Throwable t) {
        return switch (t) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> throw new AssertionError("a native call threw a checked exception", t);
        };
    }
}
