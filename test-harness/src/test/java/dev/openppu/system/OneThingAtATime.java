package dev.openppu.system;

import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.socket.PassedDescriptors;
import dev.openppu.hal.posix.socket.UnixListener;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.protocol.Header;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between a client and a server, and makes of the client one like QEMU: a command is sent when the one before it was answered, every command is answered, and what the server asks meanwhile
 * is withheld until then.
 */
final class OneThingAtATime implements AutoCloseable {
    private static final int LONGEST = (1 << 20) + 80;

    private final UnixListener listener;
    private final Path server;
    private final AtomicLong withheld = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private final List<UnixSocket> sockets = new ArrayList<>();

    OneThingAtATime(Path socket, Path server) {
        this.listener = UnixListener.bind(socket);
        this.server = server;
        start("between-accepts", this::serve);
    }

    /** Questions that came while a command waited for its reply. */
    long withheld() {
        return withheld.get();
    }

    private synchronized void start(String name, Runnable body) {
        threads.add(Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                body.run();
            } catch (PosixException e) {
                // one of them has gone
            }
        }));
    }

    private void serve() {
        UnixSocket toClient = listener.accept().orElseThrow();
        UnixSocket toServer = UnixSocket.connect(server);
        synchronized (this) {
            sockets.addAll(List.of(toClient, toServer));
        }
        Between between = new Between(toClient, toServer);
        start("between-client", () -> pass(toClient, toServer, between::fromClient));
        start("between-server", () -> pass(toServer, toClient, between::fromServer));
    }

    private interface Taker {
        void take(Message message);
    }

    private record Message(Header header, MemorySegment bytes, List<Descriptor> descriptors) {
        void send(UnixSocket to) {
            to.send(bytes, bytes.byteSize(), descriptors.stream().mapToInt(Descriptor::number).toArray());
            descriptors.forEach(Descriptor::close);
        }
    }

    private static void pass(UnixSocket from, UnixSocket to, Taker taker) {
        MemorySegment in = Arena.ofAuto().allocate(LONGEST, 8);
        try (PassedDescriptors passed = new PassedDescriptors(8)) {
            while (from.receiveAll(in, 0, Header.BYTES, passed)) {
                Header header = Header.decode(in, LONGEST);
                if (header.payloadBytes() > 0) {
                    from.receiveAll(in, Header.BYTES, header.payloadBytes(), passed);
                }
                List<Descriptor> descriptors = new ArrayList<>();
                for (int i = 0; i < passed.count(); i++) {
                    descriptors.add(passed.take(i));
                }
                passed.clear();
                taker.take(new Message(header, Arena.ofAuto().allocate(header.size(), 8).copyFrom(in.asSlice(0, header.size())),
                        descriptors));
            }
        } finally {
            from.shutdown();
            to.shutdown();
        }
    }

    /** What waits in both directions. */
    private final class Between {
        private final UnixSocket toClient;
        private final UnixSocket toServer;
        private final Deque<Message> commands = new ArrayDeque<>();
        private final Deque<Message> questions = new ArrayDeque<>();
        private final Set<Integer> unwanted = new HashSet<>();
        private boolean busy;
        private int asked;

        Between(UnixSocket toClient, UnixSocket toServer) {
            this.toClient = toClient;
            this.toServer = toServer;
        }

        synchronized void fromClient(Message message) {
            if (message.header.isReply()) {
                message.send(toServer);
                asked--;
            } else {
                commands.add(message);
            }
            goOn();
        }

        synchronized void fromServer(Message message) {
            if (message.header.isReply()) {
                if (!unwanted.remove(message.header.id())) {
                    message.send(toClient);
                }
                busy = false;
            } else {
                questions.add(message);
                withheld.addAndGet(busy ? 1 : 0);
            }
            goOn();
        }

        private void goOn() {
            while (!busy && !questions.isEmpty()) {
                asked++;
                questions.remove().send(toClient);
            }
            if (!busy && asked == 0 && !commands.isEmpty()) {
                busy = true;
                Message command = commands.remove();
                Header header = command.header;
                if (header.noReply()) {
                    unwanted.add(header.id());
                    new Header(header.id(), header.command(), header.size(), 0, 0).encode(command.bytes);
                }
                command.send(toServer);
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        listener.close();
        synchronized (this) {
            sockets.forEach(UnixSocket::close);
        }
        for (Thread thread : List.copyOf(threads)) {
            thread.join();
        }
    }
}
