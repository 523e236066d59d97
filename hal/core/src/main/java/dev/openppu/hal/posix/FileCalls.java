package dev.openppu.hal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The C library's calls about files of the kernel's by their C names; a failure becomes a {@link PosixException}. Constants are Linux's, the same on x86-64 and AArch64. */
@SuppressWarnings("restricted") // native access is what this package is for
final class FileCalls {
    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 0x80000;
    static final int MAP_SHARED = 1;

    private static final long MAP_FAILED = -1;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final Linker.Option THIRD_VARIES = Linker.Option.firstVariadicArg(2);
    /** Of the calling thread, for ever: no call allocates. */
    private static final ThreadLocal<MemorySegment> STATE = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

    private static final MethodHandle OPEN = LINKER.downcallHandle(symbol("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            CAPTURE, THIRD_VARIES);
    private static final MethodHandle IOCTL_POINTER = LINKER.downcallHandle(symbol("ioctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), CAPTURE, THIRD_VARIES);
    private static final MethodHandle IOCTL_NUMBER = LINKER.downcallHandle(symbol("ioctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG), CAPTURE, THIRD_VARIES);
    private static final MethodHandle PREAD = LINKER.downcallHandle(symbol("pread"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG), CAPTURE);
    private static final MethodHandle PWRITE = LINKER.downcallHandle(symbol("pwrite"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG), CAPTURE);
    private static final MethodHandle MMAP = LINKER.downcallHandle(symbol("mmap"),
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG), CAPTURE);

    private FileCalls() {}

    private static MemorySegment symbol(String name) {
        return LINKER.defaultLookup().find(name).orElseThrow(
                () -> new UnsupportedOperationException("this system's C library has no '%s': OpenPPU needs 64-bit Linux".formatted(name)));
    }

    static int open(String path, int flags) {
        MemorySegment state = STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, 0);
            if (descriptor < 0) {
                throw new PosixException("open(%s)".formatted(path), errno(state));
            }
            return descriptor;
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** @param name of the request, for messages */
    static int ioctl(int descriptor, long request, MemorySegment argument, String name) {
        MemorySegment state = STATE.get();
        try {
            return succeeded((int) IOCTL_POINTER.invokeExact(state, descriptor, request, argument), state, name);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    static int ioctl(int descriptor, long request, long argument, String name) {
        MemorySegment state = STATE.get();
        try {
            return succeeded((int) IOCTL_NUMBER.invokeExact(state, descriptor, request, argument), state, name);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    private static int succeeded(int result, MemorySegment state, String name) {
        if (result < 0) {
            throw new PosixException("ioctl(%s)".formatted(name), errno(state));
        }
        return result;
    }

    static long pread(int descriptor, MemorySegment buffer, long offset) {
        MemorySegment state = STATE.get();
        try {
            long bytes = (long) PREAD.invokeExact(state, descriptor, buffer, buffer.byteSize(), offset);
            return transferred(bytes, state, "pread", buffer, offset);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    static long pwrite(int descriptor, MemorySegment buffer, long offset) {
        MemorySegment state = STATE.get();
        try {
            long bytes = (long) PWRITE.invokeExact(state, descriptor, buffer, buffer.byteSize(), offset);
            return transferred(bytes, state, "pwrite", buffer, offset);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    private static long transferred(long bytes, MemorySegment state, String call, MemorySegment buffer, long offset) {
        if (bytes < 0) {
            throw new PosixException("%s(offset=0x%x, length=%d)".formatted(call, offset, buffer.byteSize()), errno(state));
        }
        return bytes;
    }

    /** Maps a part of a file, shared; the segment's lifetime is global. */
    static MemorySegment mmap(int descriptor, long offset, long bytes, int protection) {
        MemorySegment state = STATE.get();
        try {
            MemorySegment address = (MemorySegment) MMAP.invokeExact(state, MemorySegment.NULL, bytes, protection, MAP_SHARED, descriptor,
                    offset);
            if (address.address() == MAP_FAILED) {
                throw new PosixException("mmap(offset=0x%x, length=%d)".formatted(offset, bytes), errno(state));
            }
            return address.reinterpret(bytes);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static RuntimeException unchecked(Throwable t) {
        return switch (t) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> throw new AssertionError("a native call threw a checked exception", t);
        };
    }
}
