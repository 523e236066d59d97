package dev.openppu.hal.posix.call;

import dev.openppu.hal.posix.PosixException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library's calls that map memory, by their C names, of a file and of none; a failure becomes a {@link PosixException}. What is mapped has a global lifetime: whoever maps decides how long
 * it lasts.
 *
 * <p>Constants are Linux's, the same on x86-64 and AArch64.
 */
@SuppressWarnings("restricted") // gives a mapping its length
public final class Mappings {
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_FIXED = 0x10;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_NORESERVE = 0x4000;
    public static final int MADV_DONTNEED = 4;
    public static final int MADV_REMOVE = 9;
    public static final int MADV_NOHUGEPAGE = 15;
    public static final int MADV_DONTDUMP = 16;
    /** In place of a descriptor where memory is of no file. */
    public static final int NO_FILE = -1;

    private static final long MAP_FAILED = -1;

    private static final MethodHandle MMAP = SystemCall.handle("mmap",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP = SystemCall.handle("munmap",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MADVISE = SystemCall.handle("madvise",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private Mappings() {}

    /** @param at {@link MemorySegment#NULL} for anywhere */
    public static MemorySegment mmap(MemorySegment at, long bytes, int protection, int flags, int descriptor, long offset) {
        MemorySegment state = SystemCall.state();
        try {
            MemorySegment address = (MemorySegment) MMAP.invokeExact(state, at, bytes, protection, flags, descriptor, offset);
            if (address.address() == MAP_FAILED) {
                throw new PosixException(
                        "mmap(length=%d, prot=0x%x, flags=0x%x, descriptor=%d, offset=0x%x)".formatted(bytes, protection, flags, descriptor,
                                offset),
                        SystemCall.errno(state));
            }
            return address.reinterpret(bytes);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    public static void munmap(MemorySegment range) {
        MemorySegment state = SystemCall.state();
        try {
            check((int) MUNMAP.invokeExact(state, range, range.byteSize()), state, "munmap", range);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** @param advice one of {@code MADV_} */
    public static void madvise(MemorySegment range, int advice) {
        MemorySegment state = SystemCall.state();
        try {
            check((int) MADVISE.invokeExact(state, range, range.byteSize(), advice), state, "madvise[advice=" + advice + "]", range);
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
