package dev.openppu.hal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.openppu.hal.posix.call.SystemCall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's calls about descriptors by their C names; a failure becomes a {@link PosixException} that names call, arguments and error.
 *
 * <p>Constants are Linux's, the same on x86-64 and AArch64.
 */
final class DescriptorCalls {
    static final int EFD_NONBLOCK = 0x800;
    static final int EFD_CLOEXEC = 0x80000;
    static final short POLLIN = 1;
    static final short POLLOUT = 4;

    static final StructLayout POLLFD = MemoryLayout.structLayout(JAVA_INT.withName("fd"), ValueLayout.JAVA_SHORT.withName("events"),
            ValueLayout.JAVA_SHORT.withName("revents"));
    static final StructLayout TIMESPEC = MemoryLayout.structLayout(JAVA_LONG.withName("seconds"), JAVA_LONG.withName("nanos"));
    static final VarHandle FD = POLLFD.varHandle(PathElement.groupElement("fd"));
    static final VarHandle EVENTS = POLLFD.varHandle(PathElement.groupElement("events"));

    private static final MethodHandle EVENTFD = SystemCall.handle("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle READ = SystemCall.handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE = SystemCall.handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle CLOSE = SystemCall.handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle PPOLL = SystemCall.handle("ppoll",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    private static final MethodHandle POLL = SystemCall.handle("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private DescriptorCalls() {}

    static int eventfd(int initial, int flags) {
        MemorySegment state = SystemCall.state();
        try {
            int descriptor = (int) EVENTFD.invokeExact(state, initial, flags);
            if (descriptor < 0) {
                throw new PosixException("eventfd(flags=0x%x)".formatted(flags), SystemCall.errno(state));
            }
            return descriptor;
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Bytes read; 0 if there is nothing, or a signal came. */
    static long read(int descriptor, MemorySegment buffer) {
        MemorySegment state = SystemCall.state();
        try {
            return transferred((long) READ.invokeExact(state, descriptor, buffer, buffer.byteSize()), state, "read", descriptor);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Bytes written; 0 if there is no room, or a signal came. */
    static long write(int descriptor, MemorySegment buffer) {
        MemorySegment state = SystemCall.state();
        try {
            return transferred((long) WRITE.invokeExact(state, descriptor, buffer, buffer.byteSize()), state, "write", descriptor);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    private static long transferred(long result, MemorySegment state, String call, int descriptor) {
        if (result >= 0) {
            return result;
        }
        int errno = SystemCall.errno(state);
        if (errno == Errno.EAGAIN || errno == Errno.EINTR) {
            return 0;
        }
        throw new PosixException("%s(descriptor=%d)".formatted(call, descriptor), errno);
    }

    static void close(int descriptor) {
        MemorySegment state = SystemCall.state();
        try {
            if ((int) CLOSE.invokeExact(state, descriptor) != 0 && SystemCall.errno(state) != Errno.EINTR) {
                throw new PosixException("close(descriptor=%d)".formatted(descriptor), SystemCall.errno(state));
            }
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /**
     * Waits until one of them has something to read.
     *
     * @param descriptors an array of {@link #POLLFD}
     * @param millis -1 for ever
     * @return how many have; 0 if the time is over, or a signal came
     */
    static int poll(MemorySegment descriptors, int millis) {
        MemorySegment state = SystemCall.state();
        try {
            int ready = (int) POLL.invokeExact(state, descriptors, descriptors.byteSize() / POLLFD.byteSize(), millis);
            if (ready < 0 && SystemCall.errno(state) != Errno.EINTR) {
                throw new PosixException("poll(%d descriptors)".formatted(descriptors.byteSize() / POLLFD.byteSize()),
                        SystemCall.errno(state));
            }
            return Math.max(ready, 0);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** As {@link #poll}, with a time as {@link #TIMESPEC}. */
    static int ppoll(MemorySegment descriptors, MemorySegment time) {
        MemorySegment state = SystemCall.state();
        try {
            int ready = (int) PPOLL.invokeExact(state, descriptors, descriptors.byteSize() / POLLFD.byteSize(), time, MemorySegment.NULL);
            if (ready < 0 && SystemCall.errno(state) != Errno.EINTR) {
                throw new PosixException("ppoll(%d descriptors)".formatted(descriptors.byteSize() / POLLFD.byteSize()),
                        SystemCall.errno(state));
            }
            return Math.max(ready, 0);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }
}
