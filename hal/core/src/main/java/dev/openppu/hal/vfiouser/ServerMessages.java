package dev.openppu.hal.vfiouser;

import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.socket.PassedDescriptors;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DmaTransfer;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Reads what the server sends, on one thread: replies go to whoever waits for them, writes to host memory are done here, so that they are seen before the reply that comes behind them, and
 * all that has to be answered is handed over: this thread never sends, so it never waits for a server that waits for it.
 */
final class ServerMessages implements Runnable {
    private static final long LONGEST_COMMAND = Header.BYTES + DmaTransfer.BYTES + Connection.OURS.maxTransferBytes();
    /** No reply is longer than what is accepted of a read, or of the list of a region's areas. */
    private static final long LONGEST = LONGEST_COMMAND;

    private final Connection connection;
    private final HostAccess host;
    private final Answers answers;
    private final MemorySegment head = Arena.ofAuto().allocate(Header.BYTES, Long.BYTES);
    private MemorySegment command = Arena.ofAuto().allocate(Header.BYTES + DmaTransfer.BYTES, Long.BYTES);

    /** What the server may do to host memory by messages. */
    interface HostAccess {
        boolean read(long iova, MemorySegment buffer);

        boolean write(long iova, MemorySegment buffer);
    }

    ServerMessages(Connection connection, HostAccess host, Answers answers) {
        this.connection = connection;
        this.host = host;
        this.answers = answers;
    }

    @Override
    public void run() {
        try (PassedDescriptors passed = new PassedDescriptors(Connection.OURS.maxMessageDescriptors())) {
            while (connection.socket().receiveAll(head, 0, Header.BYTES, passed)) {
                connection.heard();
                take(Header.decode(head, LONGEST), passed);
                passed.clear();
            }
            connection.lose("the server has ended the connection");
        } catch (PosixException | ProtocolException e) {
            connection.lose(e);
        } catch (RuntimeException e) {
            connection.lose("its messages cannot be read: " + e);
        }
    }

    private void take(Header header, PassedDescriptors passed) {
        if (header.isReply()) {
            reply(header, passed);
        } else {
            receive(header);
        }
    }

    private void reply(Header header, PassedDescriptors passed) {
        Exchange exchange = connection.exchange(header.id());
        if (!exchange.claim(header)) {
            throw ProtocolException.malformed("the reply %s of %d bytes answers nothing that was asked, or is too long".formatted(
                    header.describe(), header.payloadBytes()));
        }
        boolean whole = false;
        try {
            fill(exchange.incoming(), header.payloadBytes());
            for (int i = 0; i < passed.count(); i++) {
                exchange.keep(passed.take(i));
            }
            whole = true;
        } finally {
            if (!whole) {
                connection.lose("the server has ended the connection within a reply");
                exchange.abandon();
            }
        }
        if (exchange.complete(header)) {
            connection.give(exchange);
        }
    }

    private void receive(Header header) {
        int bytes = header.payloadBytes();
        if (command.byteSize() < bytes) {
            command = Arena.ofAuto().allocate(bytes, Long.BYTES);
        }
        fill(command, bytes);
        MemorySegment payload = command.asSlice(0, bytes);
        switch (Command.of(header.command()).orElse(Command.VERSION)) {
            case DMA_READ -> answers.read(header, DmaTransfer.decode(payload, Connection.OURS.maxTransferBytes()), host);
            case DMA_WRITE -> {
                DmaTransfer write = DmaTransfer.decodeWithData(payload, Connection.OURS.maxTransferBytes());
                answers.written(header, write, host.write(write.address(), payload.asSlice(DmaTransfer.BYTES)));
            }
            default -> answers.refuse(header, ProtocolException.EOPNOTSUPP);
        }
    }

    private void fill(MemorySegment buffer, int bytes) {
        if (bytes > 0 && !connection.socket().receiveAll(buffer, 0, bytes, null)) {
            throw ProtocolException.malformed("the server has ended the connection within a message");
        }
    }
}
