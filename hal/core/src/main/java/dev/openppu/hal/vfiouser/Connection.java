package dev.openppu.hal.vfiouser;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.Payload;
import dev.openppu.hal.vfiouser.protocol.PeerCapabilities;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server: commands and their replies, from any threads at once.
 *
 * <p>It is lost when the server ends it, stops, or breaks the protocol: then every command that waits, and every later one, ends with a {@link ServerLostException}; after {@link #close} with
 * another {@link LinkException}.
 */
final class Connection implements AutoCloseable {
    /** What is accepted here. */
    static final PeerCapabilities OURS = new PeerCapabilities(8, 1 << 20, 65535, 4096, false);
    private static final int[] NONE = {};

    private final String name;
    private final UnixSocket socket;
    private final long patience;
    private final Exchange[] exchanges = new Exchange[Exchange.SLOTS];
    private final ArrayBlockingQueue<Exchange> free = new ArrayBlockingQueue<>(Exchange.SLOTS);
    private final AtomicReference<@Nullable LinkException> end = new AtomicReference<>();
    private volatile long heard = System.nanoTime();
    private volatile PeerCapabilities peer = PeerCapabilities.DEFAULTS;
    private volatile boolean greeted;

    /**
     * @param name of the link, for messages
     * @param patienceNanos how long a server that runs may leave a command unanswered
     */
    Connection(String name, UnixSocket socket, long patienceNanos) {
        this.name = name;
        this.socket = socket;
        this.patience = patienceNanos;
        socket.limitSends(patienceNanos);
        for (int slot = 0; slot < exchanges.length; slot++) {
            exchanges[slot] = new Exchange(slot);
            free.add(exchanges[slot]);
        }
    }

    String name() {
        return name;
    }

    UnixSocket socket() {
        return socket;
    }

    long patience() {
        return patience;
    }

    PeerCapabilities peer() {
        return peer;
    }

    void agreed(PeerCapabilities capabilities) {
        peer = capabilities;
        greeted = true;
    }

    /** Whether the server has answered the first message. */
    boolean greeted() {
        return greeted;
    }

    // ---------------------------------------------------------------- commands

    /** One to be used, and {@linkplain #give given back}. */
    Exchange take() {
        requireServer();
        try {
            Exchange exchange = free.poll();
            if (exchange == null) {
                exchange = free.poll(patience, TimeUnit.NANOSECONDS);
            }
            if (exchange == null) {
                throw lose("no command was answered for %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(patience)));
            }
            return exchange;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LinkException("%s: interrupted while waiting for others' commands".formatted(name), e);
        }
    }

    void give(Exchange exchange) {
        exchange.end();
        free.add(exchange);
    }

    /** Sends a command with descriptors and waits for its reply of at most {@code most} bytes of payload, which stays in the exchange. */
    void call(Exchange exchange, Command command, Payload payload, int most, int... descriptors) {
        int bytes = exchange.prepare(command, payload, 0, false);
        exchange.expect(most, false);
        transmit(exchange, bytes, MemorySegment.NULL, 0, descriptors);
        await(exchange, command);
    }

    /** The same with {@code count} bytes of native memory behind the payload, and without descriptors. */
    void call(Exchange exchange, Command command, Payload payload, int most, MemorySegment body, long count) {
        int bytes = exchange.prepare(command, payload, count, false);
        exchange.expect(most, false);
        transmit(exchange, bytes, body, count, NONE);
        await(exchange, command);
    }

    /** Sends a command that wants no reply. */
    void post(Exchange exchange, Command command, Payload payload, MemorySegment body, long count) {
        int bytes = exchange.prepare(command, payload, count, true);
        transmit(exchange, bytes, body, count, NONE);
    }

    /**
     * Has a command sent whose reply only tells that the server is there; whoever reads it gives the exchange back.
     *
     * @param sender sends it, now or later: the reply is due from now on
     */
    void ask(Command command, Payload payload, int most, Consumer<Runnable> sender) {
        Exchange exchange = free.poll();
        if (exchange != null) {
            int bytes = exchange.prepare(command, payload, 0, false);
            exchange.expect(most, true);
            sender.accept(() -> transmit(exchange, bytes, MemorySegment.NULL, 0, NONE));
        }
    }

    private void transmit(Exchange exchange, int bytes, MemorySegment body, long count, int[] descriptors) {
        try {
            if (descriptors.length > 0) {
                socket.send(exchange.outgoing(), bytes, descriptors);
            } else {
                socket.send(exchange.outgoing(), bytes, body, 0, count);
            }
        } catch (PosixException e) {
            throw lose("a command cannot be sent: " + e.getMessage());
        }
    }

    private void await(Exchange exchange, Command command) {
        LinkException ended = end.get();
        if (ended != null) { // either this sees it, or whoever ended it sees that a reply is expected
            exchange.lose();
        }
        if (!exchange.await()) {
            throw Objects.requireNonNull(end.get());
        }
        if (exchange.failed()) {
            throw new RefusedException("%s: the server refuses %s%s".formatted(name, command,
                    exchange.error() == 0 ? "" : ": errno " + exchange.error()), exchange.error());
        }
    }

    // ---------------------------------------------------------------- replies

    /** The exchange that a reply with this id belongs to, if there is one. */
    Exchange exchange(int id) {
        return exchanges[Exchange.slot(id)];
    }

    /** Something came from the server. */
    void heard() {
        heard = System.nanoTime();
    }

    long lastHeard() {
        return heard;
    }

    /** Since when the oldest command has waited for its reply; empty if none does. */
    OptionalLong dueSince() {
        long now = System.nanoTime();
        long longest = -1;
        for (Exchange exchange : exchanges) {
            longest = Math.max(longest, now - exchange.dueSince(now + 1));
        }
        return longest < 0 ? OptionalLong.empty() : OptionalLong.of(now - longest);
    }

    // ---------------------------------------------------------------- the end

    /** Empty while it is well. */
    @Nullable
    LinkException ended() {
        return end.get();
    }

    void requireServer() {
        LinkException ended = end.get();
        if (ended != null) {
            throw ended;
        }
    }

    /** Why the server is lost; empty while it is not, and if this connection was closed. */
    Optional<String> lost() {
        return end.get() instanceof ServerLostException e ? Optional.of(e.why()) : Optional.empty();
    }

    /** As {@link #lose(String)}, for this reason. */
    LinkException lose(RuntimeException why) {
        return lose(Objects.requireNonNullElse(why.getMessage(), why.toString()));
    }

    /** @return what it ended with, now or before */
    LinkException lose(String why) {
        return finish(new ServerLostException(name, why));
    }

    private LinkException finish(LinkException how) {
        boolean first = end.compareAndSet(null, how);
        if (first) {
            socket.shutdown();
            for (Exchange exchange : exchanges) {
                exchange.lose();
            }
        }
        return Objects.requireNonNull(end.get());
    }

    /** Ends it; whoever waits comes back. The threads that read from it see its end. */
    @Override
    public void close() {
        LinkException closed = new LinkException(name + ": the link is closed");
        finish(closed);
        end.set(closed);
    }

    /** After the last use. */
    void release() {
        socket.close();
    }
}
