package dev.openppu.hal.posix.file;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.openppu.hal.posix.Errno;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.call.Mappings;
import dev.openppu.hal.posix.call.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C library's calls about files by their C names; a failure becomes a {@link PosixException}, but where a caller expects it.
 *
 * <p>Constants are Linux's, the same on x86-64 and AArch64.
 */
@SuppressWarnings("restricted") // gives a mapping its length
final class FileCalls {
    static final int F_SEAL_SEAL = 1;
    static final int F_SEAL_SHRINK = 2;
    static final int F_SEAL_GROW = 4;

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int F_GETFL = 3;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;
    private static final int O_ACCMODE = 3;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private static final MethodHandle OPEN = SystemCall.variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle IOCTL_POINTER = SystemCall.variadic("ioctl", 2,
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle IOCTL_NUMBER = SystemCall.variadic("ioctl", 2,
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MEMFD_CREATE = SystemCall.handle("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle FTRUNCATE = SystemCall.handle("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle FCNTL = SystemCall.variadic("fcntl", 2,
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle LSEEK = SystemCall.handle("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle PREAD = SystemCall.handle("pread",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PWRITE = SystemCall.handle("pwrite",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));

    private FileCalls() {}

    /** Opens a file that is there for reading and writing. */
    static int open(String path) {
        MemorySegment state = SystemCall.state();
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(path), O_RDWR | O_CLOEXEC, 0);
            return check(descriptor, state, "open(%s)".formatted(path));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** @param name of the request, for messages */
    static int ioctl(int descriptor, long request, MemorySegment argument, String name) {
        MemorySegment state = SystemCall.state();
        try {
            return check((int) IOCTL_POINTER.invokeExact(state, descriptor, request, argument), state, "ioctl(%s)".formatted(name));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** @param name of the request, for messages */
    static int ioctl(int descriptor, long request, long argument, String name) {
        MemorySegment state = SystemCall.state();
        try {
            return check((int) IOCTL_NUMBER.invokeExact(state, descriptor, request, argument), state, "ioctl(%s)".formatted(name));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    static int memfd(String name) {
        MemorySegment state = SystemCall.state();
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) MEMFD_CREATE.invokeExact(state, arena.allocateFrom(name), MFD_CLOEXEC | MFD_ALLOW_SEALING);
            return check(descriptor, state, "memfd_create(%s)".formatted(name));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    static void ftruncate(int descriptor, long bytes) {
        MemorySegment state = SystemCall.state();
        try {
            check((int) FTRUNCATE.invokeExact(state, descriptor, bytes), state,
                    "ftruncate(descriptor=%d, length=%d)".formatted(descriptor, bytes));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    static void addSeals(int descriptor, int seals) {
        MemorySegment state = SystemCall.state();
        try {
            check((int) FCNTL.invokeExact(state, descriptor, F_ADD_SEALS, seals), state,
                    "fcntl(descriptor=%d, F_ADD_SEALS)".formatted(descriptor));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** The same for a file that may have no seals, or take no more of them. */
    static void tryToSeal(int descriptor, int seals) {
        MemorySegment state = SystemCall.state();
        try {
            int _ = (int) FCNTL.invokeExact(state, descriptor, F_ADD_SEALS, seals);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** 0 if the file is of a kind that has none. */
    static int seals(int descriptor) {
        MemorySegment state = SystemCall.state();
        try {
            return Math.max(0, (int) FCNTL.invokeExact(state, descriptor, F_GET_SEALS, 0));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Whether the descriptor was opened to read and write. */
    static boolean readsAndWrites(int descriptor) {
        MemorySegment state = SystemCall.state();
        try {
            int flags = (int) FCNTL.invokeExact(state, descriptor, F_GETFL, 0);
            return (check(flags, state, "fcntl(descriptor=%d, F_GETFL)".formatted(descriptor)) & O_ACCMODE) == O_RDWR;
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Bytes of the file; 0 if it is none that has bytes at places. */
    static long size(int descriptor) {
        return Math.max(0, seek(descriptor, 0, SEEK_END));
    }

    /** Where the first bytes at or behind {@code from} are that occupy memory; negative if none do. */
    static long data(int descriptor, long from) {
        return seek(descriptor, from, SEEK_DATA);
    }

    /** Where the first bytes at or behind {@code from} are that do not; negative if it is behind the end. */
    static long hole(int descriptor, long from) {
        return seek(descriptor, from, SEEK_HOLE);
    }

    private static long seek(int descriptor, long offset, int whence) {
        MemorySegment state = SystemCall.state();
        try {
            return (long) LSEEK.invokeExact(state, descriptor, offset, whence);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Bytes read; 0 behind the end. */
    static long pread(int descriptor, MemorySegment buffer, long offset) {
        MemorySegment state = SystemCall.state();
        try {
            long count;
            do {
                count = (long) PREAD.invokeExact(state, descriptor, buffer, buffer.byteSize(), offset);
            } while (count < 0 && SystemCall.errno(state) == Errno.EINTR);
            return check(count, state, "pread(descriptor=%d, offset=0x%x)".formatted(descriptor, offset));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Bytes written. */
    static long pwrite(int descriptor, MemorySegment buffer, long offset) {
        MemorySegment state = SystemCall.state();
        try {
            long count;
            do {
                count = (long) PWRITE.invokeExact(state, descriptor, buffer, buffer.byteSize(), offset);
            } while (count < 0 && SystemCall.errno(state) == Errno.EINTR);
            return check(count, state, "pwrite(descriptor=%d, offset=0x%x)".formatted(descriptor, offset));
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Maps a file's bytes so that every process that maps them sees the same, for reading and, if {@code writable}, writing, until the arena is closed. */
    static MemorySegment map(int descriptor, long offset, long bytes, boolean writable, Arena arena) {
        int protection = writable ? Mappings.PROT_READ | Mappings.PROT_WRITE : Mappings.PROT_READ;
        return Mappings.mmap(MemorySegment.NULL, bytes, protection, Mappings.MAP_SHARED, descriptor, offset).reinterpret(arena,
                Mappings::munmap);
    }

    /** Maps something else in the place of what is mapped there, for reading and writing, in one step. */
    static void mapOver(MemorySegment place, int flags, int descriptor) {
        MemorySegment _ = Mappings.mmap(place, place.byteSize(), Mappings.PROT_READ | Mappings.PROT_WRITE, flags | Mappings.MAP_FIXED,
                descriptor, 0);
    }

    private static int check(int result, MemorySegment state, String call) {
        return (int) check((long) result, state, call);
    }

    private static long check(long result, MemorySegment state, String call) {
        if (result < 0) {
            throw new PosixException(call, SystemCall.errno(state));
        }
        return result;
    }
}
