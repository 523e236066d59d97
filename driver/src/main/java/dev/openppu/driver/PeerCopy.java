package dev.openppu.driver;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/**
 * A copy from one context's memory to another's, maybe of another device. No link joins devices yet: the bytes go through the host, by streams that both contexts have for it.
 */
record PeerCopy(DeviceMemory destination, long destinationOffset, DeviceMemory source, long sourceOffset, long bytes) {
    private static final int CHUNK = 1 << 20;

    /** In the order of {@code stream}: it is held while a thread of its device's link carries the bytes. Where it cannot be held apart from who carries, the caller carries. */
    CompletableFuture<Void> in(Stream stream) {
        if (apart() || !heldApart(stream)) {
            stream.synchronize();
            carry();
            return CompletableFuture.completedFuture(null);
        }
        return stream.holdFor(this::carry, stream.context().ppu().peerCopies());
    }

    /** In the order of the legacy default streams of both contexts. */
    CompletableFuture<Void> inBoth() {
        Stream from = source.context().defaultStream();
        Stream to = destination.context().defaultStream();
        if (apart() || !heldApart(from) || !heldApart(to)) {
            from.synchronize();
            to.synchronize();
            carry();
            return CompletableFuture.completedFuture(null);
        }
        try (Event ready = source.context().createEvent(EventFlag.DISABLE_TIMING);
                Event done = destination.context().createEvent(EventFlag.DISABLE_TIMING)) {
            from.record(ready);
            to.waitFor(ready);
            CompletableFuture<Void> outcome = in(to);
            to.record(done);
            from.waitFor(done);
            return outcome;
        }
    }

    /** Whether a stream that waits for the copy does not hold up the packets that do it: both need a hardware queue, and there may be only one. */
    private static boolean heldApart(Stream stream) {
        return stream.runsApartFrom(stream.context().carrier());
    }

    /** Two simulated clocks: the time of one stands still while a thread waits on the other, so the caller carries the bytes itself. */
    private boolean apart() {
        return source.context().link().runtime() != destination.context().link().runtime() && source.context().link().runtime().simulated();
    }

    private void carry() {
        Stream from = source.context().carrier();
        Stream to = destination.context().carrier();
        MemorySegment chunk = MemorySegment.ofArray(new byte[(int) Math.min(CHUNK, bytes)]);
        for (long done = 0; done < bytes; done += CHUNK) {
            MemorySegment piece = chunk.asSlice(0, Math.min(CHUNK, bytes - done));
            from.copyToHost(piece, source, sourceOffset + done);
            to.copyToDevice(destination, destinationOffset + done, piece);
        }
        to.synchronize();
    }
}
