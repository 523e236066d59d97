package dev.openppu.bench.handover;

import dev.openppu.bench.host.Looking;
import org.jctools.queues.SpscArrayQueue;

/** JCTools' single-producer single-consumer queue of references. */
public final class JcToolsHandOver implements HandOver {
    private static final int SMALL = 1 << 16;

    private final SpscArrayQueue<Long> queue;
    /** Boxed once, so that what is measured is the queue. */
    private final Long[] boxes = new Long[SMALL];

    public JcToolsHandOver(int capacity) {
        queue = new SpscArrayQueue<>(capacity);
        for (int i = 0; i < SMALL; i++) {
            boxes[i] = (long) i;
        }
    }

    @Override
    public void put(long message) {
        int looks = 0;
        Long box = boxes[(int) message & SMALL - 1];
        while (!queue.relaxedOffer(box)) {
            looks = Looking.again(looks);
        }
    }

    @Override
    public long take() {
        int looks = 0;
        Long box = queue.relaxedPoll();
        while (box == null) {
            looks = Looking.again(looks);
            box = queue.relaxedPoll();
        }
        return box;
    }
}
