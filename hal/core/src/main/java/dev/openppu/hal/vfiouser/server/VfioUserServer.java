package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.socket.UnixListener;
import dev.openppu.hal.posix.socket.UnixSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves a function at a socket, to one client after another: who connects meanwhile waits, in the order of first messages ({@link WaitingRoom}). Thread-safe.
 */
public final class VfioUserServer implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final UnixListener listener;
    private final ServedFunction function;
    private final Consumer<ServerEvent> log;
    private final IrqLines irqs;
    private final Watchdog watchdog;
    private final WaitingRoom waiting = new WaitingRoom();
    private final Thread thread;
    private final Thread door;
    private final AtomicReference<@Nullable ClientSession> session = new AtomicReference<>();
    private volatile boolean closed;
    private volatile @Nullable LinkException failure;

    private VfioUserServer(UnixListener listener, ServedFunction function, Consumer<ServerEvent> log) {
        this.listener = listener;
        this.function = function;
        this.log = log;
        this.irqs = new IrqLines(function);
        this.watchdog = new Watchdog(ClientSession.LIMIT_NANOS);
        this.thread = Thread.ofPlatform().daemon().name("ppu-serve").unstarted(this::serve);
        this.door = Thread.ofPlatform().daemon().name("ppu-serve-door").unstarted(this::admit);
        function.deliverInterruptsTo(irqs::raise);
    }

    /**
     * Begins to serve; clients may connect as soon as it returns.
     *
     * @param function the caller's, who closes it after the server
     * @param log is told what happens, by threads of the server
     * @throws PosixException EADDRINUSE if something listens there
     */
    public static VfioUserServer open(Path socket, ServedFunction function, Consumer<ServerEvent> log) {
        VfioUserServer server = new VfioUserServer(UnixListener.bind(socket), function, log);
        server.thread.start();
        server.door.start();
        return server;
    }

    /** Takes everybody in, at once: one that says nothing keeps nobody out. */
    private void admit() {
        for (int client = 1; !closed; client++) {
            try {
                Optional<UnixSocket> accepted = listener.accept();
                if (accepted.isPresent()) {
                    waiting.enter(new ClientSession(client, function, irqs, accepted.get(), watchdog, log));
                }
            } catch (PosixException e) {
                log.accept(new ServerEvent.Trouble(client, String.valueOf(e.getMessage())));
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void serve() {
        try {
            for (Optional<ClientSession> next = waiting.next(); next.isPresent(); next = waiting.next()) {
                serve(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(ClientSession next) {
        session.set(next);
        if (closed) {
            next.end("the server ends");
        }
        try {
            next.run();
        } catch (PosixException e) {
            log.accept(new ServerEvent.Trouble(next.number(), String.valueOf(e.getMessage())));
        } catch (LinkException e) {
            log.accept(new ServerEvent.Trouble(next.number(), String.valueOf(e.getMessage())));
            failure = e;
            waiting.close();
        } finally {
            session.set(null);
        }
    }

    /**
     * Waits until somebody closes the server.
     *
     * @throws LinkException if the device has failed for good
     */
    public void await() throws InterruptedException {
        thread.join();
        LinkException why = failure;
        if (why != null) {
            throw why;
        }
    }

    /** Takes no more clients, ends the one that there is, and removes the socket. Idempotent. */
    @Override
    public void close() {
        closed = true;
        listener.close();
        waiting.close();
        ClientSession present = session.get();
        if (present != null) {
            present.end("the server ends");
        }
        if (Thread.currentThread() != thread) {
            Threads.join(thread);
        }
        if (Thread.currentThread() != door) {
            Threads.join(door);
        }
        watchdog.close();
    }
}
