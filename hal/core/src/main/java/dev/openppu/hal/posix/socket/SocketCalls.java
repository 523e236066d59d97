package dev.openppu.hal.posix.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.openppu.hal.posix.Errno;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.call.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C library's calls about sockets by their C names, begun again where a signal came. A failure becomes a {@link PosixException}, but for those that a caller expects, which it gets as a result.
 *
 * <p>Constants are Linux's, the same on x86-64 and AArch64 where nothing is said.
 */
final class SocketCalls {
    static final int AF_UNIX = 1;
    static final int SHUT_RD = 0;
    static final int SHUT_WR = 1;
    static final int SHUT_RDWR = 2;

    private static final int SOCK_STREAM = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_SNDTIMEO = 21;
    private static final int UCRED_BYTES = 12;
    private static final int LOCK_EX_NB = 2 | 4;
    private static final int O_DIRECTORY_CLOEXEC = (System.getProperty("os.arch").equals("aarch64") ? 0x4000 : 0x10000) | 0x80000;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

    private static final MethodHandle SOCKET = SystemCall.handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SOCKETPAIR = SystemCall.handle("socketpair",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle BIND = SystemCall.handle("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CONNECT = SystemCall.handle("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle LISTEN = SystemCall.handle("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle ACCEPT4 = SystemCall.handle("accept4",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle SENDMSG = SystemCall.handle("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVMSG = SystemCall.handle("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SHUTDOWN = SystemCall.handle("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SETSOCKOPT = SystemCall.handle("setsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKOPT = SystemCall.handle("getsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle FLOCK = SystemCall.handle("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle OPEN = SystemCall.variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle FCHMOD = SystemCall.handle("fchmod", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private SocketCalls() {}

    static int socket() {
        MemorySegment state = SystemCall.state();
        try {
            int descriptor = (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
            if (descriptor < 0) {
                throw new PosixException("socket(AF_UNIX)", SystemCall.errno(state));
            }
            return descriptor;
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** @return two that are connected */
    static int[] socketpair() {
        MemorySegment state = SystemCall.state();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(JAVA_INT, 2);
            if ((int) SOCKETPAIR.invokeExact(state, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
                throw new PosixException("socketpair(AF_UNIX)", SystemCall.errno(state));
            }
            return pair.toArray(JAVA_INT);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** @return 0, or the error */
    static int bind(int descriptor, MemorySegment address) {
        MemorySegment state = SystemCall.state();
        try {
            return (int) BIND.invokeExact(state, descriptor, address, (int) address.byteSize()) == 0 ? 0 : SystemCall.errno(state);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** @return 0, or the error */
    static int connect(int descriptor, MemorySegment address) {
        MemorySegment state = SystemCall.state();
        try {
            while ((int) CONNECT.invokeExact(state, descriptor, address, (int) address.byteSize()) != 0) {
                if (SystemCall.errno(state) != Errno.EINTR) {
                    return SystemCall.errno(state);
                }
            }
            return 0;
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    static void listen(int descriptor, int waiting) {
        MemorySegment state = SystemCall.state();
        try {
            if ((int) LISTEN.invokeExact(state, descriptor, waiting) != 0) {
                throw new PosixException("listen(descriptor=%d)".formatted(descriptor), SystemCall.errno(state));
            }
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** @return the connection, or -1 if the socket was shut down */
    static int accept(int descriptor) {
        MemorySegment state = SystemCall.state();
        try {
            while (true) {
                int accepted = (int) ACCEPT4.invokeExact(state, descriptor, MemorySegment.NULL, MemorySegment.NULL, SOCK_CLOEXEC);
                if (accepted >= 0) {
                    return accepted;
                }
                switch (SystemCall.errno(state)) {
                    case Errno.EINTR, Errno.ECONNABORTED -> {
                    } // the next
                    case Errno.EINVAL -> {
                        return -1;
                    }
                    default -> throw new PosixException("accept4(descriptor=%d)".formatted(descriptor), SystemCall.errno(state));
                }
            }
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Sends what there is room for. @return how much; -1 if there is none */
    static long sendmsg(int descriptor, MemorySegment message) {
        MemorySegment state = SystemCall.state();
        try {
            while (true) {
                long sent = (long) SENDMSG.invokeExact(state, descriptor, message, MSG_DONTWAIT | MSG_NOSIGNAL);
                if (sent >= 0) {
                    return sent;
                }
                switch (SystemCall.errno(state)) {
                    case Errno.EINTR -> {
                    } // again
                    case Errno.EAGAIN -> {
                        return -1;
                    }
                    default -> throw new PosixException("sendmsg(descriptor=%d)".formatted(descriptor), SystemCall.errno(state));
                }
            }
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Waits for bytes. @return how many; 0 if the stream has ended, whether or not the other side took leave */
    static long recvmsg(int descriptor, MemorySegment message) {
        MemorySegment state = SystemCall.state();
        try {
            while (true) {
                long received = (long) RECVMSG.invokeExact(state, descriptor, message, MSG_CMSG_CLOEXEC);
                if (received >= 0) {
                    return received;
                }
                switch (SystemCall.errno(state)) {
                    case Errno.EINTR -> {
                    } // again
                    case Errno.ECONNRESET -> {
                        return 0;
                    }
                    default -> throw new PosixException("recvmsg(descriptor=%d)".formatted(descriptor), SystemCall.errno(state));
                }
            }
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Ends one direction or both; whoever waits for it comes back. A socket that is not connected any more is no error. */
    static void shutdown(int descriptor, int how) {
        MemorySegment state = SystemCall.state();
        try {
            int _ = (int) SHUTDOWN.invokeExact(state, descriptor, how);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    static void fchmod(int descriptor, int mode) {
        MemorySegment state = SystemCall.state();
        try {
            if ((int) FCHMOD.invokeExact(state, descriptor, mode) != 0) {
                throw new PosixException("fchmod(descriptor=%d, mode=0%o)".formatted(descriptor, mode), SystemCall.errno(state));
            }
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** How long a {@code connect} waits while the other side has too many to accept. */
    static void limitConnects(int descriptor, long seconds) {
        MemorySegment state = SystemCall.state();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timeval = arena.allocateFrom(JAVA_LONG, seconds, 0);
            if ((int) SETSOCKOPT.invokeExact(state, descriptor, SOL_SOCKET, SO_SNDTIMEO, timeval, (int) timeval.byteSize()) != 0) {
                throw new PosixException("setsockopt(descriptor=%d, SO_SNDTIMEO)".formatted(descriptor), SystemCall.errno(state));
            }
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    static int openFolder(String path) {
        MemorySegment state = SystemCall.state();
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(path), O_DIRECTORY_CLOEXEC);
            if (descriptor < 0) {
                throw new PosixException("open('%s'): the socket's folder; make it, or choose another path".formatted(path),
                        SystemCall.errno(state));
            }
            return descriptor;
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** Locks it until it is closed. @return {@code false} if another has */
    static boolean lock(int descriptor) {
        MemorySegment state = SystemCall.state();
        try {
            if ((int) FLOCK.invokeExact(state, descriptor, LOCK_EX_NB) == 0) {
                return true;
            }
            if (SystemCall.errno(state) != Errno.EAGAIN && SystemCall.errno(state) != Errno.EINTR) {
                throw new PosixException("flock(descriptor=%d)".formatted(descriptor), SystemCall.errno(state));
            }
            return false;
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }

    /** The process that listened, or connected; 0 if it is in a namespace that this one does not see. */
    static int peerProcess(int descriptor) {
        MemorySegment state = SystemCall.state();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ucred = arena.allocate(UCRED_BYTES, Integer.BYTES);
            MemorySegment bytes = arena.allocateFrom(JAVA_INT, UCRED_BYTES);
            if ((int) GETSOCKOPT.invokeExact(state, descriptor, SOL_SOCKET, SO_PEERCRED, ucred, bytes) != 0) {
                throw new PosixException("getsockopt(descriptor=%d, SO_PEERCRED)".formatted(descriptor), SystemCall.errno(state));
            }
            return ucred.get(JAVA_INT, 0);
        } catch (Throwable t) {
            throw SystemCall.unchecked(t);
        }
    }
}
