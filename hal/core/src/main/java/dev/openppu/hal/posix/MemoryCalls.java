package dev.openppu.hal.posix;

import dev.openppu.hal.posix.call.SystemCall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library's calls about memory that is there already, by their C names; a failure becomes a {@link PosixException} that names call, arguments and error.
 *
 * <p>Constants are Linux's, the same on x86-64 and AArch64.
 */
@SuppressWarnings("restricted") // native access is what this package is for
final class MemoryCalls {
    private static final int SC_PAGESIZE = 30;

    private static final MethodHandle MINCORE = SystemCall.handle("mincore",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS));
    private static final MethodHandle SYSCONF = SystemCall.handle("sysconf",
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    /** Callers keep it to some hundred microseconds. */
    private static final MethodHandle MEMCPY = SystemCall.critical("memcpy",
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

    private MemoryCalls() {}

    /** @param pages one byte a page, bit 0 set if the page is in memory */
    static void mincore(MemorySegment range, MemorySegment pages) {
        MemorySegment state = SystemCall.state();
        try {
            if ((int) MINCORE.invokeExact(state, range, range.byteSize(), pages) != 0) {
                throw new PosixException("mincore(address=0x%x, length=%d)".formatted(range.address(), range.byteSize()),
                        SystemCall.errno(state));
            }
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
}
