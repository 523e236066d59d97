package dev.openppu.hal.posix.call;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Handles of the C library's functions whose first parameter is {@link #state}, where the error is left that {@link #errno} reads: each thread has its own, so no call allocates. */
@SuppressWarnings("restricted") // native access is what these packages are for
public final class SystemCall {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final ThreadLocal<MemorySegment> STATE = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

    private SystemCall() {}

    public static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(symbol(name), descriptor, CAPTURE);
    }

    /** @param fixed arguments before those that vary, such as {@code open} and {@code fcntl} have */
    public static MethodHandle variadic(String name, int fixed, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(symbol(name), descriptor, CAPTURE, Linker.Option.firstVariadicArg(fixed));
    }

    /** Without an error to leave, and without leaving Java: the call does not wait for a safepoint, so it must be brief; it may be given memory of the heap. */
    public static MethodHandle critical(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(symbol(name), descriptor, Linker.Option.critical(true));
    }

    private static MemorySegment symbol(String name) {
        return LINKER.defaultLookup().find(name).orElseThrow(
                () -> new UnsupportedOperationException("this system's C library has no '%s': OpenPPU needs 64-bit Linux".formatted(name)));
    }

    /** The calling thread's. */
    public static MemorySegment state() {
        return STATE.get();
    }

    /** What the last call that failed left there. */
    public static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /** What may come out of a handle, to be thrown. */
    public static RuntimeException unchecked(Throwable t) {
        return switch (t) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> throw new AssertionError("a native call threw a checked exception", t);
        };
    }
}
