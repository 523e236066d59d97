package dev.openppu.driver.client;

import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.driver.client.StagingArea.Chunk;
import dev.openppu.hal.posix.LongCopy;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One copy between ordinary host memory and a context's memory, in pieces through the staging area of the stream's channel. Used once. */
public final class StagedCopy {
    /** Pieces on their way to the host: while it empties the first, the engine fills the others. */
    private static final int MOST_IN_FLIGHT = 4;
    private static final long PIECE_BYTES = 64 << 10;

    private final Timeline timeline;
    /** Whose memory it goes through to its end, even if the stream moves on to another. */
    private final Channel channel;
    private final StagingArea staging;
    private final int word;
    private final long deadlineNanos;

    /** A piece on its way to the host. */
    private record Piece(Chunk chunk, long offset, long bytes, Mark end) {}

    /** @param word header of the copy packets */
    public StagedCopy(Timeline timeline, int word, long deadlineNanos) {
        this.timeline = timeline;
        this.channel = enter(timeline);
        this.staging = channel.staging();
        this.word = word;
        this.deadlineNanos = deadlineNanos;
    }

    private static Channel enter(Timeline timeline) {
        while (true) {
            Channel present = timeline.lane().channel();
            if (present.enter()) {
                return present;
            }
            if (timeline.stopped()) {
                throw timeline.stopReason();
            }
        }
    }

    /** Returns when {@code source} has been read whole. */
    public void toDevice(MemorySegment source, long address) {
        try {
            feed(source, address);
        } finally {
            channel.leave();
        }
    }

    private void feed(MemorySegment source, long address) {
        for (long offset = 0; offset < source.byteSize(); offset += StagingArea.CHUNK_BYTES) {
            long bytes = Math.min(StagingArea.CHUNK_BYTES, source.byteSize() - offset);
            Chunk chunk = staging.claim(deadlineNanos);
            Mark end = null;
            try {
                LongCopy.copy(source, offset, chunk.memory(), 0, bytes);
                end = submit(chunk.address(), address + offset, bytes);
            } finally {
                settle(chunk, end);
            }
        }
    }

    /** Returns when {@code destination} has been written whole. */
    public void toHost(MemorySegment destination, long address) {
        try {
            drain(destination, address);
        } finally {
            channel.leave();
        }
    }

    private void drain(MemorySegment destination, long address) {
        ArrayDeque<Piece> inFlight = new ArrayDeque<>(MOST_IN_FLIGHT);
        try {
            long offset = 0;
            while (offset < destination.byteSize() || !inFlight.isEmpty()) {
                Chunk chunk = offset < destination.byteSize() && inFlight.size() < MOST_IN_FLIGHT ? chunkFor(inFlight) : null;
                if (chunk != null) {
                    Piece piece = request(chunk, address, offset, Math.min(PIECE_BYTES, destination.byteSize() - offset));
                    inFlight.add(piece);
                    offset += piece.bytes();
                } else {
                    Piece piece = inFlight.element();
                    piece.end().await(deadlineNanos);
                    LongCopy.copy(piece.chunk().memory(), 0, destination, piece.offset(), piece.bytes());
                    staging.giveBack(inFlight.remove().chunk());
                }
            }
        } finally {
            inFlight.forEach(piece -> staging.inUse(piece.chunk(), piece.end()));
        }
    }

    /** Who has pieces in flight empties them before it waits for others that may do so too. */
    private @Nullable Chunk chunkFor(ArrayDeque<Piece> inFlight) {
        return inFlight.isEmpty() ? staging.claim(deadlineNanos) : staging.tryClaim();
    }

    private Piece request(Chunk chunk, long address, long offset, long bytes) {
        Mark end = null;
        try {
            end = submit(address + offset, chunk.address(), bytes);
            return new Piece(chunk, offset, bytes, end);
        } finally {
            if (end == null) {
                staging.giveBack(chunk);
            }
        }
    }

    private void settle(Chunk chunk, @Nullable Mark end) {
        if (end == null) {
            staging.giveBack(chunk);
        } else {
            staging.inUse(chunk, end);
        }
    }

    private Mark submit(long source, long destination, long bytes) {
        Lane lane = timeline.claim(1, deadlineNanos);
        try {
            CopyPacket.encode(lane.ring(), lane.slot(), 0, source, destination, bytes, lane.signalAddress());
            return new Mark(lane.channel(), lane.submit(word));
        } finally {
            lane.release(false);
        }
    }
}
