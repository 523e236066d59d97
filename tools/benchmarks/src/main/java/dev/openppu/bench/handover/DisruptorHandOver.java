package dev.openppu.bench.handover;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import dev.openppu.bench.host.Looking;

/** The Disruptor's ring, one publisher, its consumer reading behind the barrier. */
public final class DisruptorHandOver implements HandOver {
    private final RingBuffer<Slot> ring;
    private final SequenceBarrier barrier;
    private final Sequence consumed = new Sequence();
    private long available = -1;

    /** A place in the ring. */
    private static final class Slot {
        private long message;
    }

    public DisruptorHandOver(int capacity) {
        ring = RingBuffer.createSingleProducer(Slot::new, capacity, new BusySpinWaitStrategy());
        ring.addGatingSequences(consumed);
        barrier = ring.newBarrier();
    }

    @Override
    public void put(long message) {
        long sequence = ring.next();
        ring.get(sequence).message = message;
        ring.publish(sequence);
    }

    @Override
    public long take() {
        int looks = 0;
        long next = consumed.get() + 1;
        while (available < next) {
            available = barrier.getCursor();
            if (available < next) {
                looks = Looking.again(looks);
            }
        }
        long message = ring.get(next).message;
        consumed.set(next);
        return message;
    }
}
