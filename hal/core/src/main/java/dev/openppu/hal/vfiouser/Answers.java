package dev.openppu.hal.vfiouser;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.vfiouser.ServerMessages.HostAccess;
import dev.openppu.hal.vfiouser.protocol.DmaTransfer;
import dev.openppu.hal.vfiouser.protocol.Header;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.LinkedBlockingQueue;

/** Answers the server's requests, in order, on one thread of its own: a server that does not read holds up this one only. */
final class Answers implements Runnable {
    private static final int MOST_WAITING = 4096;
    private static final int EFAULT = 14;

    private final Connection connection;
    private final LinkedBlockingQueue<Task> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final MemorySegment head = Arena.ofAuto().allocate(Header.BYTES + DmaTransfer.BYTES, Long.BYTES);
    private MemorySegment data = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);

    Answers(Connection connection) {
        this.connection = connection;
    }

    /** What is to be sent. */
    private interface Task {
        void perform();
    }

    void read(Header header, DmaTransfer read, HostAccess host) {
        if (header.noReply()) {
            return; // it asks for data, and wants none
        }
        enqueue(() -> sendData(header, read, host));
    }

    void written(Header header, DmaTransfer write, boolean granted) {
        if (header.noReply()) {
            return;
        }
        enqueue(() -> {
            if (granted) {
                header.reply(DmaTransfer.BYTES).encode(head);
                write.encode(head.asSlice(Header.BYTES));
                connection.socket().send(head, Header.BYTES + DmaTransfer.BYTES);
            } else {
                fail(header, EFAULT);
            }
        });
    }

    void refuse(Header header, int errno) {
        if (!header.noReply()) {
            enqueue(() -> fail(header, errno));
        }
    }

    /** Has something done by the thread that may wait for the server. */
    void later(Runnable command) {
        enqueue(command::run);
    }

    private void sendData(Header header, DmaTransfer read, HostAccess host) {
        if (data.byteSize() < read.count()) {
            data = Arena.ofAuto().allocate(read.count(), Long.BYTES);
        }
        if (!host.read(read.address(), data.asSlice(0, read.count()))) {
            fail(header, EFAULT);
            return;
        }
        header.reply(DmaTransfer.BYTES + read.count()).encode(head);
        read.encode(head.asSlice(Header.BYTES));
        connection.socket().send(head, Header.BYTES + DmaTransfer.BYTES, data, 0, read.count());
    }

    private void fail(Header header, int errno) {
        header.failure(errno).encode(head);
        connection.socket().send(head, Header.BYTES);
    }

    private void enqueue(Task task) {
        if (!waiting.offer(task)) {
            connection.lose("the server asks faster than it reads the answers: %d wait".formatted(MOST_WAITING));
        }
    }

    @Override
    public void run() {
        try {
            while (connection.ended() == null) {
                waiting.take().perform();
            }
        } catch (InterruptedException e) {
            // the connection has ended
        } catch (PosixException e) {
            connection.lose("an answer cannot be sent: " + e.getMessage());
        } catch (LinkException e) {
            // the connection has ended
        }
    }
}
