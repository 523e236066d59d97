package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DmaTransfer;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The client's memory by messages: any thread of the device asks and waits; the thread that reads the socket brings the answers. A client that is gone, or does not answer, refuses. */
final class ClientMemory {
    /** A message longer than this would hold up the others. */
    private static final long LONGEST = 256 << 10;
    private static final int ID_MASK = 0xffff;
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private final MessageStream stream;
    private final long piece;
    private final long limitNanos;
    private final AtomicInteger nextId = new AtomicInteger();
    private final Map<Integer, Request> waiting = new ConcurrentHashMap<>();
    private volatile boolean ended;

    /** One that was sent: what was asked for, and its answer, the data of a read; {@code null} if it was refused. */
    private record Request(Command command, DmaTransfer transfer, CompletableFuture<byte @Nullable []> answer) {}

    /**
     * @param longest bytes that the client transfers by a message
     * @param limitNanos how long it may take to answer one
     */
    ClientMemory(MessageStream stream, long longest, long limitNanos) {
        this.stream = stream;
        this.piece = Math.min(longest, LONGEST);
        this.limitNanos = limitNanos;
    }

    boolean read(long address, MemorySegment destination) {
        for (long done = 0; done < destination.byteSize();) {
            long part = Math.min(piece, destination.byteSize() - done);
            byte[] data = ask(Command.DMA_READ, new DmaTransfer(address + done, part), NOTHING);
            if (data == null) {
                return false;
            }
            MemorySegment.copy(data, 0, destination, ValueLayout.JAVA_BYTE, done, data.length);
            done += part;
        }
        return true;
    }

    boolean write(long address, MemorySegment source) {
        for (long done = 0; done < source.byteSize();) {
            long part = Math.min(piece, source.byteSize() - done);
            if (ask(Command.DMA_WRITE, new DmaTransfer(address + done, part), source.asSlice(done, part)) == null) {
                return false;
            }
            done += part;
        }
        return true;
    }

    private byte @Nullable [] ask(Command command, DmaTransfer transfer, MemorySegment data) {
        Request request = new Request(command, transfer, new CompletableFuture<>());
        int id = register(request);
        try {
            if (ended) {
                return null; // whoever ended it may not have seen this one
            }
            stream.send(Header.command(id, command, DmaTransfer.BYTES + data.byteSize(), false), transfer, data);
            return request.answer.get(limitNanos, TimeUnit.NANOSECONDS);
        } catch (PosixException | ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            waiting.remove(id);
        }
    }

    private int register(Request request) {
        int id = nextId.getAndIncrement() & ID_MASK;
        while (waiting.putIfAbsent(id, request) != null) {
            id = nextId.getAndIncrement() & ID_MASK;
        }
        return id;
    }

    /** An answer has come. */
    void answered(Header header, MemorySegment payload) {
        Request request = waiting.get(header.id());
        if (request == null || request.command.code() != header.command()) {
            return; // it comes too late: nobody waits any more
        }
        request.answer.complete(header.failed() ? null : data(request, payload));
    }

    private byte @Nullable [] data(Request request, MemorySegment payload) {
        boolean read = request.command == Command.DMA_READ;
        DmaTransfer answer = read ? DmaTransfer.decodeWithData(payload, piece) : DmaTransfer.decodeWritten(payload, piece);
        if (!answer.equals(request.transfer)) {
            throw ProtocolException.malformed("%s of %s is answered as %s".formatted(request.command, request.transfer, answer));
        }
        return read ? payload.asSlice(DmaTransfer.BYTES).toArray(ValueLayout.JAVA_BYTE) : new byte[0];
    }

    /** The client is gone: whoever waits is refused, and whoever asks. */
    void end() {
        ended = true;
        waiting.values().forEach(request -> request.answer.complete(null));
    }
}
