package dev.openppu.hal.posix.socket;

import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.Errno;
import dev.openppu.hal.posix.PosixException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A socket in the file system that this user's processes may connect to. {@link #accept} is for one thread; {@link #close} for any. */
public final class UnixListener implements AutoCloseable {
    private static final int WAITING = 16;
    private static final int OWNER_ONLY = 0600;
    private static final long LOCK_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOCK_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Path path;
    private final Descriptor descriptor;
    private final Object file;

    private UnixListener(Path path, Descriptor descriptor) {
        this.path = path;
        this.descriptor = descriptor;
        this.file = identity(path).orElse(this);
    }

    /**
     * Listens at a path. A socket that nobody listens at any more is replaced; anything else that is there is left alone.
     *
     * @throws PosixException EADDRINUSE if something listens there, or the path is a file of another kind
     */
    public static UnixListener bind(Path path) {
        try (Descriptor folder = Descriptor.own(SocketCalls.openFolder(folder(path).toString())); Arena arena = Arena.ofConfined()) {
            lock(folder, path);
            Descriptor descriptor = Descriptor.own(SocketCalls.socket());
            try {
                SocketCalls.fchmod(descriptor.number(), OWNER_ONLY);
                bind(descriptor.number(), path, SocketAddress.of(path, arena));
                SocketCalls.listen(descriptor.number(), WAITING);
                return new UnixListener(path, descriptor);
            } catch (RuntimeException e) {
                descriptor.close();
                throw e;
            }
        }
    }

    /** Of two who find the same dead socket, the second would otherwise take away what the first has just put there. */
    private static void lock(Descriptor folder, Path path) {
        long deadline = System.nanoTime() + LOCK_LIMIT_NANOS;
        while (!SocketCalls.lock(folder.number())) {
            if (System.nanoTime() - deadline > 0) {
                throw new PosixException("flock(folder of '%s')".formatted(path), Errno.EAGAIN);
            }
            LockSupport.parkNanos(LOCK_LOOK_NANOS);
        }
    }

    private static void bind(int descriptor, Path path, MemorySegment address) {
        int error = SocketCalls.bind(descriptor, address);
        if (error == Errno.EADDRINUSE && abandoned(path, address)) {
            delete(path);
            error = SocketCalls.bind(descriptor, address);
        }
        if (error != 0) {
            throw new PosixException("bind('%s')%s".formatted(path, why(path, error)), error);
        }
    }

    private static Path folder(Path path) {
        return Objects.requireNonNullElse(path.toAbsolutePath().getParent(), path);
    }

    private static String why(Path path, int error) {
        if (error != Errno.EADDRINUSE) {
            return ": no socket can be made in the folder '%s'; choose another path".formatted(folder(path));
        }
        return isSocket(path)
                ? ": another process listens there; end it, or choose another path"
                : ": that is no socket, and is not deleted; choose another path";
    }

    private static boolean abandoned(Path path, MemorySegment address) {
        if (!isSocket(path)) {
            return false;
        }
        try (Descriptor probe = Descriptor.own(SocketCalls.socket())) {
            SocketCalls.limitConnects(probe.number(), 1);
            return SocketCalls.connect(probe.number(), address) == Errno.ECONNREFUSED;
        }
    }

    private static boolean isSocket(Path path) {
        return attributes(path).map(BasicFileAttributes::isOther).orElse(false);
    }

    private static Optional<Object> identity(Path path) {
        return attributes(path).map(BasicFileAttributes::fileKey);
    }

    private static Optional<BasicFileAttributes> attributes(Path path) {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("'%s' cannot be deleted".formatted(path), e);
        }
    }

    public Path path() {
        return path;
    }

    /**
     * Waits for the next who connects.
     *
     * @return empty if this was closed
     * @throws PosixException EMFILE if this process has too many descriptors: whoever connected still waits
     */
    public Optional<UnixSocket> accept() {
        if (!descriptor.enter()) {
            return Optional.empty();
        }
        try {
            int accepted = SocketCalls.accept(descriptor.number());
            return accepted < 0 ? Optional.empty() : Optional.of(new UnixSocket(accepted));
        } finally {
            descriptor.leave();
        }
    }

    /** Refuses whoever connects from now on, and deletes the file if it is still this socket's. Idempotent. */
    @Override
    public void close() {
        if (descriptor.enter()) {
            if (identity(path).filter(file::equals).isPresent()) {
                delete(path);
            }
            SocketCalls.shutdown(descriptor.number(), SocketCalls.SHUT_RDWR);
            descriptor.leave();
        }
        descriptor.close();
    }
}
