package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.ReadableWait;
import dev.openppu.hal.posix.socket.PassedDescriptors;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.Payload;
import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client's socket as messages. However the bytes are cut, a message comes whole; one that was begun and is not finished in time ends the connection. {@link #receive} is for one thread, and
 * {@link #reply} for one; {@link #send} for any.
 */
final class MessageStream implements AutoCloseable {
    /** Bytes of data that a message may carry here. */
    static final int MOST_DATA = 1 << 20;
    /** Descriptors that a message may bring. */
    static final int MOST_DESCRIPTORS = 8;

    /** Of header and fixed part. */
    private static final int LONGEST = Header.BYTES + 64 + MOST_DATA;

    private final UnixSocket socket;
    private final Watchdog.Watched watch;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment incoming = arena.allocate(LONGEST, Long.BYTES);
    private final MemorySegment outgoing = arena.allocate(LONGEST, Long.BYTES);
    private final PassedDescriptors passed = new PassedDescriptors(MOST_DESCRIPTORS);
    private final ReadableWait readable;
    private final ReadableWait looking;

    MessageStream(UnixSocket socket, Watchdog watchdog) {
        this.socket = socket;
        this.watch = watchdog.watch(socket::shutdown);
        this.readable = socket.readable();
        this.looking = socket.readable();
    }

    /** The next message has to come in time, too. */
    void expectSoon() {
        watch.begin();
    }

    /** Waits for the beginning of a message, or the end; for the thread that receives. @return {@code false} if the time is over */
    boolean awaitMessage(long nanos) {
        return readable.await(nanos);
    }

    /** Whether something is there that was not received; for the thread that carries out commands. */
    boolean hasMore() {
        return looking.await(0);
    }

    /** Whether the connection was ended because a message did not come in time. */
    boolean timedOut() {
        return watch.expired();
    }

    /**
     * Waits for a message, whose payload is valid until the next one is waited for.
     *
     * @return empty if the client has ended the connection between two messages
     * @throws ProtocolException if no more can be understood
     * @throws dev.openppu.hal.posix.PosixException if the connection ended within a message
     */
    Optional<Message> receive() {
        passed.clear();
        long first = socket.receive(incoming, 0, Header.BYTES, passed);
        if (first == 0) {
            return Optional.empty();
        }
        watch.begin();
        if (first < Header.BYTES && !socket.receiveAll(incoming, first, Header.BYTES - first, passed)) {
            throw ProtocolException.malformed("a message ends within its header");
        }
        Header header = Header.decode(incoming, LONGEST);
        if (header.payloadBytes() > 0 && !socket.receiveAll(incoming, Header.BYTES, header.payloadBytes(), passed)) {
            throw ProtocolException.malformed("%s ends behind its header".formatted(header.describe()));
        }
        watch.end();
        if (passed.truncated()) {
            throw ProtocolException.malformed("%s comes with more than %d descriptors".formatted(header.describe(), MOST_DESCRIPTORS));
        }
        List<Descriptor> descriptors = new ArrayList<>();
        for (int i = 0; i < passed.count(); i++) {
            descriptors.add(passed.take(i));
        }
        return Optional.of(new Message(header, incoming.asSlice(Header.BYTES, header.payloadBytes()), descriptors));
    }

    /** Where a reply's payload is to be written. */
    MemorySegment replyPayload() {
        return outgoing.asSlice(Header.BYTES);
    }

    /** Answers a command with what was written to {@link #replyPayload}. */
    void reply(Header command, long payloadBytes, int... descriptors) {
        Header header = command.reply(payloadBytes);
        header.encode(outgoing);
        socket.send(outgoing, header.size(), descriptors);
    }

    void fail(Header command, int errno) {
        command.failure(errno).encode(outgoing);
        socket.send(outgoing, Header.BYTES);
    }

    /** Sends a command, and data behind its payload. */
    void send(Header header, Payload payload, MemorySegment data) {
        try (Arena once = Arena.ofConfined()) {
            MemorySegment message = once.allocate(header.size(), Long.BYTES);
            header.encode(message);
            payload.encode(message.asSlice(Header.BYTES));
            MemorySegment.copy(data, 0, message, (long) Header.BYTES + payload.bytes(), data.byteSize());
            socket.send(message, header.size());
        }
    }

    /** Ends the connection: whoever receives or sends comes back. */
    void shutdown() {
        socket.shutdown();
    }

    /** When nobody uses it any more. */
    @Override
    public void close() {
        watch.close();
        socket.close();
        passed.close();
        arena.close();
    }
}
