package dev.openppu.model.command;

import dev.openppu.abi.packet.AqlHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The device's copy of one packet, from the moment it was taken from its ring until it has ended. Reused: a queue has a few of them. */
public final class Packet {
    private final Queue queue;
    private final MemorySegment own;
    private MemorySegment bytes;
    private long index;
    private int header;
    private boolean busy;
    private boolean cancelled;
    private boolean looked;
    private boolean putAside;
    private int dependenciesMet;
    private @Nullable PacketEngine engine;

    Packet(Queue queue, MemorySegment memory) {
        this.queue = queue;
        this.own = memory;
        this.bytes = memory;
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

    /** 0 is the lowest, 3 the highest. */
    public int priority() {
        return queue.priority();
    }

    /** The work is not wanted any more. */
    public boolean cancelled() {
        return cancelled;
    }

    /** Some of the work is done. */
    public void progressed() {
        queue.progressed();
    }

    /** Whether work of it waits for work of a higher priority, after it had begun. */
    public void putAside(boolean now) {
        putAside = now;
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

    /** The work was lost in a reset of its engine. */
    public void lost() {
        queue.lost(this);
    }

    boolean busy() {
        return busy;
    }

    boolean isPutAside() {
        return busy && putAside;
    }

    /** Begins a new life. */
    void take(long number, int word, MemorySegment line) {
        index = number;
        header = word;
        bytes = line;
        busy = true;
        cancelled = false;
        looked = false;
        putAside = false;
        dependenciesMet = 0;
        engine = null;
    }

    /** Whether this is the first time that what the packet waits for is looked at. */
    boolean firstLook() {
        boolean first = !looked;
        looked = true;
        return first;
    }

    /** Dependencies of a barrier that have been seen met, a bit each: they need not be met all at the same time. */
    int dependenciesMet() {
        return dependenciesMet;
    }

    void dependenciesMet(int bits) {
        dependenciesMet = bits;
    }

    void release() {
        busy = false;
        engine = null;
    }

    /** Hands the packet to an engine, with bytes that stay as long as the packet lives. */
    void submitTo(PacketEngine worker) {
        if (!bytes.equals(own)) {
            MemorySegment.copy(bytes, 0, own, 0, AqlHeader.PACKET_BYTES);
            bytes = own;
        }
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

    /** The one that was handed the packet last works on it. */
    boolean isWith(PacketEngine worker) {
        return engine == worker;
    }

    /** Ends a packet whose work was done before. */
    void complete() {
        queue.complete(this);
    }

    long completionSignal() {
        return AqlHeader.completionSignal(bytes, 0);
    }
}
