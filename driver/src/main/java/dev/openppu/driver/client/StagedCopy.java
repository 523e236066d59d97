package dev.openppu.driver.client;

import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.driver.client.StagingArea.Chunk;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/** One copy between ordinary host memory and a context's memory, in pieces through the staging area. */
public final class StagedCopy {
    private final CommandQueue queue;
    private final StagingArea staging;
    private final int word;
    private final long deadlineNanos;

    /** A piece on its way to the host. */
    private record Piece(Chunk chunk, long offset, long bytes, long target) {}

    /** @param word header of the copy packets */
    public StagedCopy(CommandQueue queue, StagingArea staging, int word, long deadlineNanos) {
        this.queue = queue;
        this.staging = staging;
        this.word = word;
        this.deadlineNanos = deadlineNanos;
    }

    /** Returns when {@code source} has been read whole. */
    public void toDevice(MemorySegment source, long address) {
        for (long offset = 0; offset < source.byteSize(); offset += StagingArea.CHUNK_BYTES) {
            long bytes = Math.min(StagingArea.CHUNK_BYTES, source.byteSize() - offset);
            Chunk chunk = staging.claim(deadlineNanos);
            MemorySegment.copy(source, offset, chunk.memory(), 0, bytes);
            staging.inUse(chunk, submit(chunk.address(), address + offset, bytes));
        }
    }

    /** Returns when {@code destination} has been written whole. */
    public void toHost(MemorySegment destination, long address) {
        ArrayDeque<Piece> inFlight = new ArrayDeque<>(staging.chunks());
        long offset = 0;
        while (offset < destination.byteSize() || !inFlight.isEmpty()) {
            if (offset < destination.byteSize() && inFlight.size() < staging.chunks()) {
                Piece piece = request(address, offset, Math.min(StagingArea.CHUNK_BYTES, destination.byteSize() - offset));
                inFlight.add(piece);
                offset += piece.bytes();
            } else {
                Piece piece = inFlight.remove();
                queue.await(piece.target(), deadlineNanos);
                MemorySegment.copy(piece.chunk().memory(), 0, destination, piece.offset(), piece.bytes());
            }
        }
    }

    private Piece request(long address, long offset, long bytes) {
        Chunk chunk = staging.claim(deadlineNanos);
        long target = submit(address + offset, chunk.address(), bytes);
        staging.inUse(chunk, target);
        return new Piece(chunk, offset, bytes, target);
    }

    private long submit(long source, long destination, long bytes) {
        long slot = queue.slot(deadlineNanos);
        CopyPacket.encode(queue.ring(), slot, 0, source, destination, bytes, queue.signalAddress());
        return queue.submit(slot, word);
    }
}
