package dev.openppu.bench.host;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.Signal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A ring of packets whose producer and consumer take turns in one thread: what a queue costs where nothing crosses between threads. */
public final class PlainRing implements AutoCloseable {
    private static final int WORD = BarrierPacket.andWord(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment ring;
    private final MemorySegment signal = arena.allocate(64, 64);

    public PlainRing(int log2Packets) {
        ring = arena.allocate((long) AqlHeader.PACKET_BYTES << log2Packets, 4096);
    }

    /** Fills and empties the ring until so many packets, a multiple of its size, went through; nanoseconds. */
    public long run(long packets) {
        long start = System.nanoTime();
        for (long done = 0; done < packets; done += ring.byteSize() / AqlHeader.PACKET_BYTES) {
            fill();
            empty();
        }
        return System.nanoTime() - start;
    }

    private void fill() {
        for (long slot = 0; slot < ring.byteSize(); slot += AqlHeader.PACKET_BYTES) {
            BarrierPacket.encode(ring, slot, signal.address());
            AqlHeader.publish(ring, slot, WORD);
        }
    }

    private void empty() {
        for (long slot = 0; slot < ring.byteSize(); slot += AqlHeader.PACKET_BYTES) {
            if (AqlHeader.type(AqlHeader.acquire(ring, slot)) == AqlHeader.TYPE_INVALID || AqlHeader.completionSignal(ring, slot) == 0) {
                throw new IllegalStateException("a packet was lost");
            }
            AqlHeader.invalidate(ring, slot);
            Signal.publish(signal, 0, Signal.acquire(signal, 0) - 1);
        }
    }

    public MemorySegment memory() {
        return ring;
    }

    public MemorySegment signal() {
        return signal;
    }

    @Override
    public void close() {
        arena.close();
    }
}
