package dev.openppu.hal.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.openppu.hal.posix.call.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The C library's calls about memory that has a descriptor, by their C names; a failure becomes a {@link PosixException}. Constants are Linux's, the same on x86-64 and AArch64. */
@SuppressWarnings("restricted") // native access is what this package is for
final class ShareCalls {
    static final int F_SEAL_SEAL = 1;
    static final int F_SEAL_SHRINK = 2;
    static final int F_SEAL_GROW = 4;

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;
    private static final int MAP_SHARED = 1;
    private static final int MAP_FIXED = 0x10;
    private static final long MAP_FAILED = -1;

    private static final MethodHandle MEMFD_CREATE = SystemCall.handle("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle FTRUNCATE = SystemCall.handle("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle FCNTL = SystemCall.variadic("fcntl", 2,
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle MMAP = SystemCall.handle("mmap",
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));

    private ShareCalls() {}

    /** Memory of no bytes that can be sealed. */
    static int memfdCreate(String name) {
        MemorySegment state = SystemCall.state();
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) MEMFD_CREATE.invokeExact(state, arena.allocateFrom(name), MFD_CLOEXEC | MFD_ALLOW_SEALING);
            return succeeded(descriptor, state, "memfd_create('%s')".formatted(name));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    static void ftruncate(int descriptor, long bytes) {
        MemorySegment state = SystemCall.state();
        try {
            int result = (int) FTRUNCATE.invokeExact(state, descriptor, bytes);
            succeeded(result, state, "ftruncate(descriptor=%d, length=%d)".formatted(descriptor, bytes));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    static void addSeals(int descriptor, int seals) {
        MemorySegment state = SystemCall.state();
        try {
            int result = (int) FCNTL.invokeExact(state, descriptor, F_ADD_SEALS, seals);
            succeeded(result, state, "fcntl(descriptor=%d, F_ADD_SEALS, 0x%x)".formatted(descriptor, seals));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** @throws PosixException EINVAL if it is of a kind that has no seals */
    static int seals(int descriptor) {
        MemorySegment state = SystemCall.state();
        try {
            int seals = (int) FCNTL.invokeExact(state, descriptor, F_GET_SEALS, 0);
            return succeeded(seals, state, "fcntl(descriptor=%d, F_GET_SEALS)".formatted(descriptor));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Maps anywhere; the segment's lifetime is global. */
    static MemorySegment mmap(int descriptor, long offset, long bytes, int protection) {
        return mmap(MemorySegment.NULL, descriptor, offset, bytes, protection, MAP_SHARED);
    }

    /** Maps in the place of what is mapped there, in one step; writes are kept to this process. */
    static void mmapOver(MemorySegment place, int descriptor) {
        mmap(place, descriptor, 0, place.byteSize(), MemoryCalls.PROT_READ | MemoryCalls.PROT_WRITE, MemoryCalls.MAP_PRIVATE | MAP_FIXED);
    }

    /** Maps fresh memory of zeros in the place of what is mapped there, in one step. */
    static void mmapZerosOver(MemorySegment place) {
        mmap(place, -1, 0, place.byteSize(), MemoryCalls.PROT_READ | MemoryCalls.PROT_WRITE,
                MemoryCalls.MAP_PRIVATE | MemoryCalls.MAP_ANONYMOUS | MemoryCalls.MAP_NORESERVE | MAP_FIXED);
    }

    private static MemorySegment mmap(MemorySegment at, int descriptor, long offset, long bytes, int protection, int flags) {
        MemorySegment state = SystemCall.state();
        try {
            MemorySegment address = (MemorySegment) MMAP.invokeExact(state, at, bytes, protection, flags, descriptor, offset);
            if (address.address() == MAP_FAILED) {
                throw new PosixException("mmap(length=%d, prot=0x%x, flags=0x%x, descriptor=%d, offset=%d)".formatted(bytes, protection,
                        flags, descriptor, offset), SystemCall.errno(state));
            }
            return address.reinterpret(bytes);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    private static int succeeded(int result, MemorySegment state, String call) {
        if (result < 0) {
            throw new PosixException(call, SystemCall.errno(state));
        }
        return result;
    }
}
