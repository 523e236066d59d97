package dev.openppu.driver.client;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.Signal;
import dev.openppu.driver.Failure;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.owner.OwnerService.Doorbell;
import dev.openppu.driver.owner.OwnerService.QueueGrant;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The producer's side of a hardware queue whose packets complete in order.
 *
 * <p>Every packet has the barrier bit and names the one completion signal of this queue, which starts at {@link Long#MAX_VALUE} and counts down: so the number of
 * completed packets is the distance from there, it never wraps, and one acquire load polls it.
 *
 * <p>One producer at a time ({@link #slot} to {@link #submit}); polling from any thread. Neither allocates or takes a lock.
 */
public final class CommandQueue {
    private static final long START = Long.MAX_VALUE;
    private static final long FAILED = -1;
    private static final VarHandle SUBMITTED;

    static {
        try {
            SUBMITTED = MethodHandles.lookup().findVarHandle(CommandQueue.class, "submitted", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ContextLink link;
    private final String object;
    private final int number;
    private final MemorySegment ring;
    private final MemorySegment readIndex;
    private final Doorbell doorbell;
    private final SignalSlot signal;
    private final long capacity;
    private volatile boolean closed;
    /** Written by the producer by release stores, before the packet is published: so no completion can be ahead of it. */
    @SuppressWarnings("UnusedVariable") // through SUBMITTED
    private long submitted;
    private long taken;

    public CommandQueue(ContextLink link, String object, QueueGrant grant, SignalSlot signal) {
        this.link = link;
        this.object = object;
        this.number = grant.queue();
        this.ring = grant.ring();
        this.readIndex = grant.readIndex();
        this.doorbell = grant.doorbell();
        this.signal = signal;
        this.capacity = 1L << grant.log2Packets();
        Signal.publish(signal.memory(), signal.offset(), START);
    }

    /** Number of the hardware queue. */
    public int number() {
        return number;
    }

    /** Packets that fit. */
    public long capacity() {
        return capacity;
    }

    public MemorySegment ring() {
        return ring;
    }

    /** Virtual address of the completion signal that every packet names. */
    public long signalAddress() {
        return signal.address();
    }

    /** Where the device counts completions. */
    public SignalSlot signal() {
        return signal;
    }

    /** Packets submitted so far: the index of the next one. */
    public long submitted() {
        return (long) SUBMITTED.getAcquire(this);
    }

    /**
     * The offset in {@link #ring} of the next packet's slot. Waits for space if the ring is full, until the deadline; an interrupt or {@link #close} ends the
     * wait too.
     */
    public long slot(long deadlineNanos) {
        if (stopped()) {
            throw stopReason();
        }
        if (free() == 0) {
            awaitSpace(deadlineNanos);
        }
        return (submitted & capacity - 1) * AqlHeader.PACKET_BYTES;
    }

    private void awaitSpace(long deadlineNanos) {
        boolean ended = link.runtime().await(() -> free() > 0 || stopped(), deadlineNanos);
        if (stopped()) {
            throw stopReason();
        }
        if (!ended) {
            throw link.timeout(object, "its ring of " + capacity + " packets stayed full", "wait for work in flight, or give it longer");
        }
    }

    /** Hands the packet whose body was written to {@link #slot} to the device; returns the count of {@link #completed} at which it is done. */
    public long submit(long slot, int word) {
        long index = submitted;
        SUBMITTED.setRelease(this, index + 1);
        AqlHeader.publish(ring, slot, word);
        doorbell.ring(index);
        return index + 1;
    }

    /** Packets completed so far, by one acquire load; -1 if one failed, or the device claims what cannot be. */
    public long completed() {
        long value = signal.acquire(0);
        return value < 0 || START - value > submitted() ? FAILED : START - value;
    }

    /** Whether the packet for which {@link #submit} returned {@code target} has completed. */
    public boolean reached(long target) {
        return completed() >= target;
    }

    /** Nothing will complete any more: a packet failed, the context is not alive, or the queue is closed. */
    public boolean stopped() {
        return closed || !link.alive() || completed() == FAILED;
    }

    /** Waits until {@code target} is reached; throws what stopped the queue, or a time-out. */
    public void await(long target, long deadlineNanos) {
        if (reached(target)) {
            return;
        }
        boolean ended = link.runtime().await(() -> reached(target) || stopped(), deadlineNanos);
        if (reached(target)) {
            return;
        }
        if (ended) {
            throw stopReason();
        }
        throw link.timeout(object,
                "packet " + (target - 1) + " has not completed in time; " + completed() + " packets of " + submitted + " have",
                "wait longer, or close the context to abandon the work");
    }

    /** Why {@link #stopped}. */
    public PpuException stopReason() {
        if (!link.alive()) {
            return link.failure();
        }
        if (closed) {
            return link.closed(object);
        }
        long value = signal.acquire(0);
        return value >= 0 ? nonsense("completed " + (START - value) + " packets of " + submitted()) : link.queueFailure(number);
    }

    /** Ends all waits; the ring is not touched afterwards. */
    public void close() {
        closed = true;
        link.runtime().wake();
    }

    private long free() {
        long room = capacity - (submitted - taken);
        if (room > 0) {
            return room;
        }
        long now = Signal.acquire(readIndex, 0);
        if (now < taken || now > submitted) {
            throw nonsense("took " + now + " packets after " + taken + " of " + submitted);
        }
        taken = now;
        return capacity - (submitted - now);
    }

    private PpuException nonsense(String claim) {
        return new PpuException(Failure.of(HgResult.UNKNOWN, link.device(), object, "the device claims that it " + claim,
                "the device is not to be trusted any more: reset it"));
    }
}
