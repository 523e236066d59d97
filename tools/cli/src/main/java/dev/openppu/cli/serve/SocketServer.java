package dev.openppu.cli.serve;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A Unix-domain socket at which a {@link RegisterServer} is served. Only its owner may connect. */
public final class SocketServer implements AutoCloseable {

    private static final int MOST_CLIENTS = 64;
    private static final System.Logger LOG = System.getLogger(SocketServer.class.getName());

    private final Path path;
    private final Object key;
    private final ServerSocketChannel channel;
    private final RegisterServer registers;
    private final Set<SocketClient> clients = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;

    private SocketServer(Path path, Object key, ServerSocketChannel channel, RegisterServer registers) {
        this.path = path;
        this.key = key;
        this.channel = channel;
        this.registers = registers;
        this.acceptor = Thread.ofVirtual().name("accept " + path).unstarted(this::accept);
    }

    static SocketServer open(Path path, RegisterServer registers) throws IOException {
        removeStale(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            SocketServer server = new SocketServer(path, keyOf(path), channel, registers);
            server.acceptor.start();
            return server;
        } catch (IOException | IllegalArgumentException e) {
            channel.close();
            throw new IOException("cannot listen at " + path + ": " + e.getMessage(), e);
        }
    }

    /** What an earlier server left behind is put away; what is alive, or no socket at all, is left alone. */
    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther()) {
            throw new IOException(path + " is there already and is no socket");
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new AlreadyServedException(path);
        } catch (AlreadyServedException e) {
            throw e;
        } catch (IOException e) {
            Files.deleteIfExists(path);
        }
    }

    /** Something listens at the socket. */
    private static final class AlreadyServedException extends IOException {
        private static final long serialVersionUID = 1L;

        AlreadyServedException(Path path) {
            super("something listens at " + path + " already");
        }
    }

    private static Object keyOf(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
        return key == null ? path : key;
    }

    private void accept() {
        while (channel.isOpen()) {
            try {
                SocketChannel socket = channel.accept();
                SocketClient client = new SocketClient(socket, registers, clients::remove);
                if (clients.size() >= MOST_CLIENTS) {
                    client.refuse("there are " + MOST_CLIENTS + " clients already");
                } else {
                    clients.add(client);
                    client.start();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "a client could not be accepted: " + e.getMessage());
            }
        }
    }

    /** How many clients there are now. */
    public int clients() {
        return clients.size();
    }

    /** Waits until somebody closes the server. */
    public void await() throws InterruptedException {
        acceptor.join();
    }

    /** Takes no more clients, ends those there are, and removes the socket. Idempotent. */
    @Override
    public void close() {
        try {
            channel.close();
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(key, keyOf(path))) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the socket " + path + " could not be put away: " + e.getMessage());
        }
        clients.forEach(SocketClient::close);
    }
}
