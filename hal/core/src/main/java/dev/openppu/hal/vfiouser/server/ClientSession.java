package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.PeerCapabilities;
import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import dev.openppu.hal.vfiouser.protocol.Version;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client, from its first message until nothing of it is left: heard first by a thread of its own, then served by the server's. */
final class ClientSession {
    /** How long a client may take to finish a message, to answer one, and to take what it is sent. */
    static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final PeerCapabilities OURS = new PeerCapabilities(MessageStream.MOST_DESCRIPTORS, MessageStream.MOST_DATA,
            DmaRanges.MOST, 4096,
            true);
    private static final int REFUSALS_TOLD = 8;

    private final int number;
    private final ServedFunction function;
    private final IrqLines irqs;
    private final MessageStream stream;
    private final StoreWatch stores;
    private final Consumer<ServerEvent> log;
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private Optional<Message> first = Optional.empty();
    private @Nullable ClientMemory memory;
    private @Nullable DmaRanges ranges;
    private @Nullable CommandHandler handler;
    private volatile @Nullable CommandQueue queue;
    /** The reader has taken bytes from the socket which are not in the queue. */
    private volatile boolean receiving;
    private int refusals;

    /** Why it ended. */
    private record End(String reason, boolean violation) {}

    ClientSession(int number, ServedFunction function, IrqLines irqs, UnixSocket socket, Watchdog watchdog, Consumer<ServerEvent> log) {
        this.number = number;
        this.function = function;
        this.irqs = irqs;
        this.log = log;
        socket.limitSends(LIMIT_NANOS);
        this.stream = new MessageStream(socket, watchdog);
        this.stores = new StoreWatch(function.mappedStores(), this::allCarriedOut);
    }

    /** Counted by the server, from 1 on. */
    int number() {
        return number;
    }

    /**
     * Waits for the first message, which has to come in time. Who has sent none does not keep the device from others.
     *
     * @return {@code false} if there is none: then it is to be {@linkplain #sendAway sent away}
     */
    boolean hearFirst() {
        try {
            stream.expectSoon();
            first = stream.receive();
            if (first.isEmpty()) {
                ended("it closed the connection", false);
            }
        } catch (ProtocolException e) {
            ended(String.valueOf(e.getMessage()), true);
        } catch (PosixException e) {
            ended(String.valueOf(e.getMessage()), false);
        }
        return first.isPresent();
    }

    /**
     * Ends one that is not served.
     *
     * @param why unless there was a reason before
     */
    void sendAway(String why) {
        ended(why, false);
        first.ifPresent(Message::close);
        stream.close();
        tellEnd();
    }

    /** Serves the client, from its first message on, until it is gone, and puts away what is left of it. */
    void run() {
        log.accept(new ServerEvent.Connected(number));
        try {
            serve();
        } catch (ProtocolException e) {
            ended(String.valueOf(e.getMessage()), true);
        } catch (PosixException e) {
            ended(String.valueOf(e.getMessage()), false);
        } finally {
            cleanUp();
        }
        tellEnd();
    }

    private void tellEnd() {
        End why = Objects.requireNonNullElse(end.get(), new End("it closed the connection", false));
        log.accept(new ServerEvent.Left(number, why.reason, why.violation));
    }

    private void serve() {
        for (Optional<Message> message = first; message.isPresent(); message = receive()) {
            try (Message next = message.get()) {
                take(next);
            }
            receiving = false;
        }
    }

    /** Looks for mapped stores meanwhile, unless another thread does. */
    private Optional<Message> receive() {
        if (queue != null) {
            stream.awaitMessage(Long.MAX_VALUE);
            receiving = true; // what is in the socket is seen there until now
            return stream.receive();
        }
        long pause = stores.idle();
        while (pause != StoreWatch.NO_NEED && !stream.awaitMessage(pause)) {
            pause = stores.idle();
        }
        return stream.receive();
    }

    /** Whether there is no message that was sent before now and not carried out. In this order: a message goes from the socket to the reader, and from there to the queue. */
    private boolean allCarriedOut() {
        if (stream.hasMore()) {
            return false;
        }
        CommandQueue commands = queue;
        return commands == null || !receiving && commands.isEmpty() && !commands.within();
    }

    /** The first reason counts. */
    private void ended(String reason, boolean violation) {
        End why = stream.timedOut()
                ? new End("it sent no whole message for %d s".formatted(TimeUnit.NANOSECONDS.toSeconds(LIMIT_NANOS)), true)
                : new End(reason, violation);
        end.compareAndSet(null, why);
    }

    private void take(Message message) {
        ClientMemory client = memory;
        if (client == null) {
            negotiate(message);
        } else if (message.header().isReply()) {
            client.answered(message.header(), message.payload());
        } else if (queue == null && !opensMessages(message)) {
            carryOut(message);
        } else {
            later(message);
        }
    }

    /** From now on the device may wait for this client's answers: they must be read meanwhile. */
    private static boolean opensMessages(Message message) {
        return message.header().command() == Command.DMA_MAP.code() && message.descriptors() == 0;
    }

    private void later(Message message) {
        CommandQueue commands = queue;
        if (commands == null) {
            commands = new CommandQueue(this::carryOutElsewhere, this::mayComeIn, this::idleElsewhere, LIMIT_NANOS);
            queue = commands;
        }
        commands.add(message);
    }

    /** On the other thread: what ends the session there ends the reading here. */
    private void carryOutElsewhere(Message message) {
        try {
            carryOut(message);
        } catch (ProtocolException e) {
            ended(String.valueOf(e.getMessage()), true);
            stream.shutdown();
        } catch (PosixException | LinkException e) {
            ended(String.valueOf(e.getMessage()), false);
            stream.shutdown();
        }
    }

    private long idleElsewhere() {
        try {
            return stores.idle();
        } catch (LinkException e) {
            end(String.valueOf(e.getMessage()));
            return StoreWatch.NO_NEED;
        }
    }

    private void negotiate(Message message) {
        try {
            if (message.header().isReply() || message.header().command() != Command.VERSION.code()) {
                throw ProtocolException.malformed("%s comes before VERSION".formatted(message.header().describe()));
            }
            message.allowDescriptors(0);
            Version proposed = Version.decode(message.payload());
            if (proposed.major() != Version.MAJOR) {
                throw ProtocolException.malformed("it speaks version %d.%d; here is %d.%d".formatted(proposed.major(), proposed.minor(),
                        Version.MAJOR, Version.MINOR));
            }
            agree(proposed);
            Version answer = new Version(Version.MAJOR, Math.min(proposed.minor(), Version.MINOR),
                    OURS.offeredTo(proposed.capabilities()));
            answer.encode(stream.replyPayload());
            stream.reply(message.header(), answer.bytes());
        } catch (ProtocolException e) {
            stream.fail(message.header(), e.errno());
            throw e;
        }
    }

    private void agree(Version proposed) {
        ClientMemory client = new ClientMemory(stream, proposed.capabilities().maxTransferBytes(), LIMIT_NANOS, function,
                this::inHand, this::carryOutMeanwhile);
        DmaRanges reachable = new DmaRanges(function, client);
        memory = client;
        ranges = reachable;
        handler = new CommandHandler(function, irqs, reachable);
    }

    private boolean mayComeIn(Message message) {
        return Objects.requireNonNull(handler).mayComeIn(message);
    }

    private void carryOutMeanwhile() {
        CommandQueue commands = queue;
        if (commands != null) {
            commands.carryOutMeanwhile();
        }
    }

    private long inHand() {
        CommandQueue commands = queue;
        return commands == null ? 0 : commands.inHand();
    }

    private void carryOut(Message message) {
        try {
            stores.before();
            CommandHandler.Answer answer = Objects.requireNonNull(handler).carryOut(message, stream.replyPayload());
            stores.after();
            answered(message);
            if (!message.header().noReply()) {
                stream.reply(message.header(), answer.payloadBytes(), answer.descriptors());
            }
        } catch (ProtocolException e) {
            refuse(message, e);
        }
    }

    private void answered(Message message) {
        CommandQueue commands = queue;
        if (commands != null) {
            commands.answered(message);
        }
    }

    private void refuse(Message message, ProtocolException why) {
        answered(message);
        if (!message.header().noReply()) {
            stream.fail(message.header(), why.errno());
        }
        if (why.malformed()) {
            throw why;
        }
        if (++refusals <= REFUSALS_TOLD) {
            log.accept(new ServerEvent.Refused(number, String.valueOf(why.getMessage())));
        }
    }

    /** Ends the connection, from another thread. */
    void end(String reason) {
        ended(reason, false);
        stream.shutdown();
    }

    /**
     * First whoever waits for the client is let go; then the device is stopped, so that it sends nothing to where the client was; then what it could reach is taken from it.
     */
    private void cleanUp() {
        stream.shutdown();
        if (stream.timedOut()) {
            ended("", true);
        }
        if (memory != null) {
            memory.end();
        }
        CommandQueue commands = queue;
        if (commands != null) {
            commands.close();
        }
        try {
            function.powerCycle();
        } finally {
            if (ranges != null) {
                ranges.unmapAll();
            }
            irqs.clear();
            stream.close();
        }
    }
}
