package dev.openppu.model.command;

import dev.openppu.abi.packet.AqlHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The device's copy of one packet, from the moment it was taken from its ring until it has ended. Reused: a queue has a few of them. */
public final class Packet {
    private final Queue queue;
    private final MemorySegment bytes;
    private long index;
    private int header;
    private boolean busy;
    private boolean cancelled;
    private boolean looked;
    private @Nullable PacketEngine engine;

    Packet(Queue queue, MemorySegment bytes) {
        this.queue = queue;
        this.bytes = bytes;
    }

    /** The 64 bytes; the header's two fields may be newer in {@link #header}. */
    public MemorySegment bytes() {
        return bytes;
    }

    /** Header and setup as they were when the packet was taken. */
    public int header() {
        return header;
    }

    /** Number of the packet in its queue. */
    public long index() {
        return index;
    }

    /** Address space of every address in the packet. */
    public int context() {
        return queue.context();
    }

    /** Number of the queue. */
    public int queueNumber() {
        return queue.number();
    }

    public boolean highPriority() {
        return queue.highPriority();
    }

    /** The work is not wanted any more. */
    public boolean cancelled() {
        return cancelled;
    }

    /** The work is done. */
    public void completed() {
        queue.completed(this);
    }

    /** The work has failed. */
    public void failed(WorkFault fault) {
        queue.failed(this, fault);
    }

    /** The work was cancelled and has ended. */
    public void abandoned() {
        queue.abandoned(this);
    }

    boolean busy() {
        return busy;
    }

    /** Begins a new life. */
    void take(long number, int word) {
        index = number;
        header = word;
        busy = true;
        cancelled = false;
        looked = false;
        engine = null;
    }

    /** Whether this is the first time that what the packet waits for is looked at. */
    boolean firstLook() {
        boolean first = !looked;
        looked = true;
        return first;
    }

    void release() {
        busy = false;
        engine = null;
    }

    /** Hands the packet to an engine. */
    void submitTo(PacketEngine worker) {
        engine = worker;
        worker.submit(this);
    }

    /** Asks for an early end; whoever works on it will say when. Returns whether anybody does. */
    boolean cancel() {
        cancelled = true;
        PacketEngine worker = engine;
        if (worker == null) {
            return false;
        }
        worker.cancelled(this);
        return true;
    }

    long completionSignal() {
        return AqlHeader.completionSignal(bytes, 0);
    }
}
