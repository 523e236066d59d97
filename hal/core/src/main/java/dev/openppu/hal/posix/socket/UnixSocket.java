package dev.openppu.hal.posix.socket;

import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.Errno;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.ReadableWait;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection to another process, or within this one, that carries bytes and descriptors. Programs that this one starts do not inherit it.
 *
 * <p>Any threads may send: what one call sends stays together. One thread at a time receives. {@link #shutdown} and {@link #close} may be called by any, and end the waiting of both. Sending and
 * receiving allocate nothing (but for descriptors received, and behind one another's sends). Memory given is native, and stays alive until the call returns.
 */
public final class UnixSocket implements AutoCloseable {
    /** The kernel's own limit for one message ({@code SCM_MAX_FD}). */
    static final int MOST_DESCRIPTORS = 253;
    private static final int[] NONE = {};
    private static final long CONNECT_LIMIT_SECONDS = 5;
    private static final long DEFAULT_SEND_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Descriptor descriptor;
    private final ReentrantLock sending = new ReentrantLock();
    private final MessageLayout outgoing = new MessageLayout(MOST_DESCRIPTORS);
    private final MessageLayout incoming = new MessageLayout(MOST_DESCRIPTORS);
    private volatile long sendLimit = DEFAULT_SEND_LIMIT_NANOS;

    UnixSocket(int number) {
        this.descriptor = Descriptor.own(number);
    }

    /** Two that are connected to each other. */
    public record Pair(UnixSocket first, UnixSocket second) implements AutoCloseable {
        @Override
        public void close() {
            first.close();
            second.close();
        }
    }

    public static Pair pair() {
        int[] numbers = SocketCalls.socketpair();
        return new Pair(new UnixSocket(numbers[0]), new UnixSocket(numbers[1]));
    }

    /** @throws PosixException ENOENT if there is no such file, ECONNREFUSED if nothing listens there, EACCES if this user may not, EAGAIN if others wait there already */
    public static UnixSocket connect(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SocketAddress.of(path, arena);
            UnixSocket socket = new UnixSocket(SocketCalls.socket());
            SocketCalls.limitConnects(socket.descriptor.number(), CONNECT_LIMIT_SECONDS);
            int error = SocketCalls.connect(socket.descriptor.number(), address);
            if (error != 0) {
                socket.close();
                throw new PosixException("connect('%s')".formatted(path), error);
            }
            return socket;
        }
    }

    /** How long a send waits for the other side to take what it was sent before; 10 s at first. */
    public void limitSends(long nanos) {
        sendLimit = nanos;
    }

    /**
     * Sends the first {@code count} bytes, all of them.
     *
     * @throws PosixException EPIPE or ECONNRESET if the other side is gone, or this side was closed; ETIMEDOUT if it takes nothing any more: part of the bytes may have been sent, so the
     *     connection is of no use
     */
    public void send(MemorySegment bytes, long count) {
        send(bytes, count, NONE);
    }

    /** As {@link #send(MemorySegment, long)}, with descriptors, which remain the caller's: the other side gets duplicates with the first byte. */
    public void send(MemorySegment bytes, long count, int... descriptors) {
        send(bytes, count, MemorySegment.NULL, 0, 0, descriptors);
    }

    /** As {@link #send(MemorySegment, long)}, and behind those the {@code count} bytes of {@code body} that begin at {@code offset}. */
    public void send(MemorySegment head, long headCount, MemorySegment body, long offset, long count) {
        send(head, headCount, body, offset, count, NONE);
    }

    private void send(MemorySegment head, long headCount, MemorySegment body, long offset, long count, int[] descriptors) {
        require(head, 0, headCount);
        require(body, offset, count);
        if (descriptors.length > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(
                    "%d descriptors; a message carries at most %d".formatted(descriptors.length, MOST_DESCRIPTORS));
        }
        sending.lock();
        try {
            if (!descriptor.enter()) {
                throw new PosixException("sendmsg (this side was closed)", Errno.EPIPE);
            }
            try {
                outgoing.descriptors(descriptors);
                transmit(head.address(), headCount, body.address() + offset, count);
            } finally {
                descriptor.leave();
            }
        } finally {
            sending.unlock();
            Reference.reachabilityFence(head);
            Reference.reachabilityFence(body);
        }
    }

    private static void require(MemorySegment memory, long offset, long count) {
        if (count < 0 || offset < 0 || offset > memory.byteSize() - count) {
            throw new IndexOutOfBoundsException("%d bytes at %d of %d".formatted(count, offset, memory.byteSize()));
        }
        if (!memory.isNative()) {
            throw new IllegalArgumentException("memory of the heap cannot be given to the kernel");
        }
    }

    private void transmit(long head, long headCount, long body, long count) {
        long all = headCount + count;
        long sent = 0;
        while (sent < all) {
            if (sent < headCount) {
                outgoing.bytes(head + sent, headCount - sent, body, count);
            } else {
                outgoing.bytes(body + sent - headCount, all - sent);
            }
            long more = SocketCalls.sendmsg(descriptor.number(), outgoing.memory());
            if (more > 0) {
                sent += more;
                outgoing.descriptors(NONE);
            } else {
                awaitRoom();
            }
        }
    }

    private void awaitRoom() {
        long deadline = System.nanoTime() + sendLimit;
        while (!descriptor
                .awaitWritable(Math.clamp(TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()), 1, Integer.MAX_VALUE))) {
            if (System.nanoTime() - deadline >= 0) {
                throw new PosixException("sendmsg (the other side does not read)", Errno.ETIMEDOUT);
            }
        }
    }

    /**
     * Waits for bytes. Descriptors that come with them are closed by the kernel.
     *
     * @return how many came, at most {@code count}; 0 if there will be no more
     */
    public long receive(MemorySegment into, long offset, long count) {
        return receive(into, offset, count, null);
    }

    /** As {@link #receive(MemorySegment, long, long)}; descriptors that come with these bytes are added to {@code passed}. */
    public long receive(MemorySegment into, long offset, long count, @Nullable PassedDescriptors passed) {
        require(into, offset, count);
        if (count == 0) {
            throw new IllegalArgumentException("no room to receive anything");
        }
        if (!descriptor.enter()) {
            return 0;
        }
        try {
            incoming.bytes(into.address() + offset, count);
            incoming.room(passed == null ? 0 : Math.min(passed.room(), MOST_DESCRIPTORS));
            long received = SocketCalls.recvmsg(descriptor.number(), incoming.memory());
            if (passed != null && received > 0) { // else nothing came, and what stands there is of the time before
                collect(passed);
            }
            return received;
        } finally {
            descriptor.leave();
            Reference.reachabilityFence(into);
        }
    }

    private void collect(PassedDescriptors passed) {
        int arrived = incoming.received();
        for (int i = 0; i < arrived; i++) {
            passed.add(Descriptor.own(incoming.received(i)));
        }
        if (incoming.truncated()) {
            passed.truncate();
        }
    }

    /**
     * Waits until {@code count} bytes have come.
     *
     * @return {@code false} if the stream ended before the first
     * @throws PosixException ECONNRESET if it ended between them
     */
    public boolean receiveAll(MemorySegment into, long offset, long count, @Nullable PassedDescriptors passed) {
        long received = 0;
        while (received < count) {
            long more = receive(into, offset + received, count - received, passed);
            if (more == 0) {
                if (received == 0) {
                    return false;
                }
                throw new PosixException("recvmsg (the stream ended after %d of %d bytes)".formatted(received, count), Errno.ECONNRESET);
            }
            received += more;
        }
        return true;
    }

    /** To be asked whether there is something to receive, by one thread. */
    public ReadableWait readable() {
        return new ReadableWait(descriptor);
    }

    /** The number of the process that listened, or connected, at the other side; empty if this process cannot see it. */
    public OptionalLong peerProcess() {
        if (!descriptor.enter()) {
            return OptionalLong.empty();
        }
        try {
            int process = SocketCalls.peerProcess(descriptor.number());
            return process > 0 ? OptionalLong.of(process) : OptionalLong.empty();
        } finally {
            descriptor.leave();
        }
    }

    /** Ends both directions: whoever sends or receives, on either side, comes back. Idempotent. */
    public void shutdown() {
        shutdown(SocketCalls.SHUT_RDWR);
    }

    /** Ends what this side sends: the other side finds the end behind it, and may go on sending. Idempotent. */
    public void shutdownSending() {
        shutdown(SocketCalls.SHUT_WR);
    }

    /** Ends what this side receives: the other side's sending fails from now on. Idempotent. */
    public void shutdownReceiving() {
        shutdown(SocketCalls.SHUT_RD);
    }

    private void shutdown(int how) {
        if (descriptor.enter()) {
            SocketCalls.shutdown(descriptor.number(), how);
            descriptor.leave();
        }
    }

    /** As {@link #shutdown}, and gives the descriptor back. Idempotent. */
    @Override
    public void close() {
        shutdown();
        descriptor.close();
    }
}
