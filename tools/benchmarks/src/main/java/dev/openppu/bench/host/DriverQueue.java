package dev.openppu.bench.host;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.driver.client.CommandQueue;
import dev.openppu.hal.LinkRuntime;

/** Barrier packets on the driver's {@link CommandQueue}: the shortest way through the client half. */
public final class DriverQueue {
    private static final int WORD = BarrierPacket.andWord(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);

    private final CommandQueue queue;

    DriverQueue(CommandQueue queue) {
        this.queue = queue;
    }

    /** Submits a packet and rings; answers what {@link #reached} is to be asked. Any thread may. */
    public long submit() {
        queue.claim(1, LinkRuntime.NEVER);
        long target = put();
        queue.release();
        return target;
    }

    /** Submits so many packets, at most as many as the ring has, in one turn, and rings once. */
    public long submit(int packets) {
        queue.claim(packets, LinkRuntime.NEVER);
        long target = 0;
        for (int i = 0; i < packets; i++) {
            target = put();
        }
        queue.release();
        return target;
    }

    private long put() {
        BarrierPacket.encode(queue.ring(), queue.slot(), queue.signalAddress());
        return queue.submit(WORD);
    }

    /** One poll. */
    public boolean reached(long target) {
        return queue.reached(target);
    }

    /** Polls until it is done. */
    public void poll(long target) {
        int looks = 0;
        while (!queue.reached(target)) {
            looks = Looking.again(looks);
        }
    }

    /** Waits, as the link does. */
    public void await(long target) {
        queue.await(target, LinkRuntime.NEVER);
    }
}
