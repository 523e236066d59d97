package dev.openppu.bench.handover;

import dev.openppu.bench.host.Looking;
import java.nio.ByteBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's one-to-one ring buffer of messages in off-heap memory; messages of 56 bytes, so that one with its header fills a cache line. */
public final class AgronaHandOver implements HandOver {
    private static final int MESSAGE_BYTES = 56;

    private final OneToOneRingBuffer ring;
    private final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(MESSAGE_BYTES));
    private final MessageHandler handler = (_, buffer, index, _) -> taken = buffer.getLong(index);
    private long taken;

    public AgronaHandOver(int capacity) {
        ring = new OneToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(64 * capacity + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    @Override
    public void put(long value) {
        int looks = 0;
        message.putLong(0, value);
        while (!ring.write(1, message, 0, MESSAGE_BYTES)) {
            looks = Looking.again(looks);
        }
    }

    @Override
    public long take() {
        int looks = 0;
        while (ring.read(handler, 1) == 0) {
            looks = Looking.again(looks);
        }
        return taken;
    }
}
