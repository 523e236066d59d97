package dev.openppu.bench.host;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.Signal;
import java.lang.foreign.MemorySegment;

/** What {@link dev.openppu.twin.DeviceTwin} does, in Java, for where there is no C compiler: takes barrier packets that have no dependencies. */
final class JavaDevice implements AutoCloseable {
    private final MemorySegment ring;
    private final MemorySegment readIndex;
    private final MemorySegment signal;
    private final Thread thread = Thread.ofPlatform().daemon().name("java-device").unstarted(this::consume);
    private volatile boolean stop;

    /** @param signal of all packets */
    JavaDevice(MemorySegment ring, MemorySegment readIndex, MemorySegment signal) {
        this.ring = ring;
        this.readIndex = readIndex;
        this.signal = signal;
        thread.start();
    }

    private void consume() {
        long mask = ring.byteSize() / AqlHeader.PACKET_BYTES - 1;
        long index = Signal.acquire(readIndex, 0);
        int looks = 0;
        while (true) {
            long slot = (index & mask) * AqlHeader.PACKET_BYTES;
            if (AqlHeader.type(AqlHeader.acquire(ring, slot)) != AqlHeader.TYPE_INVALID) {
                AqlHeader.invalidate(ring, slot);
                Signal.publish(readIndex, 0, ++index);
                Signal.publish(signal, 0, Signal.acquire(signal, 0) - 1);
            } else if (stop) {
                return;
            } else {
                looks = Looking.again(looks);
            }
        }
    }

    @Override
    public void close() {
        stop = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
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
