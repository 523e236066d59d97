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
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The client's memory by messages: any thread of the device asks and waits; the thread that reads the socket brings the answers. A client that is gone, or does not answer, refuses.
 *
 * <p>There are clients that answer nothing while they wait for a reply themselves (QEMU). Whoever has once answered while a command was in hand is none of these. Of another, when a command has
 * been in hand for a while with a question unanswered, the device lets accesses in while it waits, from then on at once, those behind a posted write that waits itself, too; and if the command does not come to an end for all that, the question
 * is given up.
 */
final class ClientMemory {
    /** A message longer than this would hold up the others. */
    private static final long LONGEST = 256 << 10;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Less than QEMU waits for a reply. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int ID_MASK = 0xffff;
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private final MessageStream stream;
    private final long piece;
    private final long limitNanos;
    private final ServedFunction function;
    private final LongSupplier inHand;
    private final Runnable meanwhile;
    private final AtomicInteger nextId = new AtomicInteger();
    private final Map<Integer, Request> waiting = new ConcurrentHashMap<>();
    private volatile boolean answersWhileItWaits;
    private volatile boolean oneThingAtATime;
    private volatile boolean ended;

    /** One that was sent: what was asked for, and its answer, the data of a read; {@code null} if it was refused. */
    private record Request(Command command, DmaTransfer transfer, long begin, CompletableFuture<byte @Nullable []> answer) {}

    /**
     * @param longest bytes that the client transfers by a message
     * @param limitNanos how long it may take to answer one
     * @param inHand for how long the client has waited for a reply; 0 if it waits for none
     * @param meanwhile is called by whoever waits for a client that waits itself, again and again
     */
    ClientMemory(MessageStream stream, long longest, long limitNanos, ServedFunction function, LongSupplier inHand, Runnable meanwhile) {
        this.stream = stream;
        this.piece = Math.min(longest, LONGEST);
        this.limitNanos = limitNanos;
        this.function = function;
        this.inHand = inHand;
        this.meanwhile = meanwhile;
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
        Request request = new Request(command, transfer, System.nanoTime(), new CompletableFuture<>());
        int id = register(request);
        try {
            if (ended) {
                return null; // whoever ended it may not have seen this one
            }
            stream.send(Header.command(id, command, DmaTransfer.BYTES + data.byteSize(), false), transfer, data);
            await(request, () -> clientWaits(request));
            if (!request.answer.isDone()) {
                function.letInDuring(() -> await(request, this::stuck));
            }
            return request.answer.getNow(null);
        } catch (PosixException e) {
            return null;
        } finally {
            waiting.remove(id);
        }
    }

    /** Whether it is of no use to wait for the answer without answering the client. */
    private boolean clientWaits(Request request) {
        long nanos = Math.min(inHand.getAsLong(), System.nanoTime() - request.begin);
        if (answersWhileItWaits || nanos <= 0) {
            return false;
        }
        oneThingAtATime |= nanos > PATIENCE_NANOS;
        return oneThingAtATime;
    }

    private boolean stuck() {
        meanwhile.run();
        return inHand.getAsLong() > STUCK_NANOS;
    }

    /** Until the answer is there, its time is up, or there is no use in waiting any longer. */
    private void await(Request request, BooleanSupplier enough) {
        boolean interrupted = false;
        while (!request.answer.isDone() && System.nanoTime() - request.begin < limitNanos && !enough.getAsBoolean()) {
            try {
                request.answer.get(LOOK_NANOS, TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // look again
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
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
        if (inHand.getAsLong() > 0) {
            answersWhileItWaits = true;
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
