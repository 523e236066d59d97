package dev.openppu.hal.posix;

import dev.openppu.hal.posix.call.SystemCall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

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

    private static final MethodHandle MMAP = SystemCall.handle("mmap",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP = SystemCall.handle("munmap",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MADVISE = SystemCall.handle("madvise",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle MINCORE = SystemCall.handle("mincore",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS));
    private static final MethodHandle SYSCONF = SystemCall.handle("sysconf",
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    /** Callers keep it to some hundred microseconds. */
    private static final MethodHandle MEMCPY = SystemCall.critical("memcpy",
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

    private MemoryCalls() {}

    /** Maps anonymous memory anywhere; the segment's lifetime is global. */
    static MemorySegment mmap(long bytes, int protection, int flags) {
        MemorySegment state = SystemCall.state();
        try {
            MemorySegment address = (MemorySegment) MMAP.invokeExact(state, MemorySegment.NULL, bytes, protection, flags, -1, 0L);
            if (address.address() == MAP_FAILED) {
                throw new PosixException("mmap(length=%d, prot=0x%x, flags=0x%x)".formatted(bytes, protection, flags),
                        SystemCall.errno(state));
            }
            return address.reinterpret(bytes);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    static void munmap(MemorySegment range) {
        MemorySegment state = SystemCall.state();
        try {
            check((int) MUNMAP.invokeExact(state, range, range.byteSize()), state, "munmap", range);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    static void madvise(MemorySegment range, int advice) {
        MemorySegment state = SystemCall.state();
        try {
            check((int) MADVISE.invokeExact(state, range, range.byteSize(), advice), state, "madvise[advice=" + advice + "]", range);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** @param pages one byte a page, bit 0 set if the page is in memory */
    static void mincore(MemorySegment range, MemorySegment pages) {
        MemorySegment state = SystemCall.state();
        try {
            check((int) MINCORE.invokeExact(state, range, range.byteSize(), pages), state, "mincore", range);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    static long pageSize() {
        MemorySegment state = SystemCall.state();
        try {
            long size = (long) SYSCONF.invokeExact(state, SC_PAGESIZE);
            if (size <= 0) {
                throw new PosixException("sysconf(_SC_PAGESIZE)", SystemCall.errno(state));
            }
            return size;
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** The ranges do not overlap. */
    static void memcpy(MemorySegment to, MemorySegment from, long bytes) {
        try {
            MEMCPY.invokeExact(to, from, bytes);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    private static void check(int result, MemorySegment state, String call, MemorySegment range) {
        if (result != 0) {
            throw new PosixException("%s(address=0x%x, length=%d)".formatted(call, range.address(), range.byteSize()),
                    SystemCall.errno(state));
        }
    }
}
