package dev.openppu.hal.vfiouser;

import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.ServerMessages.HostAccess;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.PciRegion;
import dev.openppu.hal.vfiouser.protocol.RegionAccess;
import dev.openppu.hal.vfiouser.protocol.Version;
import java.util.concurrent.locks.LockSupport;

/** A connection with the threads that keep it: who reads, who answers, who watches. */
final class Session implements AutoCloseable {
    private static final int LONGEST_VERSION = Version.LONGEST_TEXT + 4;

    private final Connection connection;
    private final Answers answers;
    private final Thread reader;
    private final Thread answerer;
    private final Thread watch;
    private volatile Runnable lost = () -> {};

    /** Connects threads to a socket, which is this object's from now on, and agrees on a version. */
    Session(String name, UnixSocket socket, long patienceNanos, HostAccess host) {
        connection = new Connection(name, socket, patienceNanos);
        answers = new Answers(connection);
        reader = thread("ppu-vfio-user-reader", new ServerMessages(connection, host, answers));
        answerer = thread("ppu-vfio-user-answers", answers);
        PeerProcess process = new PeerProcess(socket.peerProcess());
        watch = thread("ppu-vfio-user-watch", new Watch(connection, process, this::ask, () -> lost.run()));
        try {
            agree();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Thread thread(String name, Runnable body) {
        return Thread.ofPlatform().daemon().name(name).start(body);
    }

    Connection connection() {
        return connection;
    }

    private void agree() {
        Exchange exchange = connection.take();
        try {
            connection.call(exchange, Command.VERSION, new Version(Version.MAJOR, Version.MINOR, Connection.OURS), LONGEST_VERSION);
            Version version = Replies.read(connection, exchange, Version::decode);
            if (version.major() != Version.MAJOR || version.minor() > Version.MINOR) {
                throw connection.lose("the server speaks version %d.%d of the protocol; here it is %d.%d".formatted(version.major(),
                        version.minor(), Version.MAJOR, Version.MINOR));
            }
            connection.agreed(version.capabilities());
        } finally {
            connection.give(exchange);
        }
    }

    /** @param action what is to be done when the server is lost, on a thread of its own; not if it was lost before */
    void onLoss(Runnable action) {
        lost = action;
    }

    /** Something that every server answers, and that changes nothing: the ids. */
    private void ask() {
        connection.ask(Command.REGION_READ, new RegionAccess(0, PciRegion.CONFIG, Integer.BYTES), RegionAccess.BYTES + Integer.BYTES,
                answers::later);
    }

    /** Ends it; when it returns its threads have ended. */
    @Override
    public void close() {
        connection.close();
        answerer.interrupt();
        LockSupport.unpark(watch);
        join(watch);
        join(reader);
        join(answerer);
        connection.release();
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
