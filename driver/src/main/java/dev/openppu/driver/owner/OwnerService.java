package dev.openppu.driver.owner;

import dev.openppu.driver.ContextFault;
import dev.openppu.driver.Failure;
import dev.openppu.driver.LossRole;
import dev.openppu.hal.irq.Wakeup;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Where the halves meet: only values and shared memory cross, so that a process boundary can run through here. Submission does not: a client writes packets into
 * its queue's ring and rings the doorbell itself.
 *
 * <p>Every method checks that the object belongs to the context named, and throws {@link dev.openppu.driver.PpuException}. Thread-safe.
 */
public interface OwnerService {
    /** A new address space. */
    ContextGrant openContext();

    /** Stops what the context still runs and takes everything back. Idempotent. */
    void closeContext(int context);

    /** A count that nobody can tell. */
    long UNKNOWN = -1;

    /** Device memory, not cleared, mapped into the context. */
    MemoryGrant allocateDevice(int context, long bytes, Access access);

    /** Host memory, cleared, mapped for the device and into the context. */
    PinnedGrant allocatePinned(int context, long bytes, Access access);

    /**
     * The caller's memory, mapped for the device and into the context; the caller keeps it until it was freed here.
     *
     * @param memory native, writable, page-aligned, whole pages
     */
    PinnedGrant registerHost(int context, MemorySegment memory, Access access);

    /** Unmaps and frees; when it returns, no engine can reach the memory any more. Does nothing in a closed context. */
    void free(int context, long address);

    /** Writes to device memory of the context, whatever the engines' rights to it. */
    void upload(int context, long address, MemorySegment source);

    /** What the context holds; nothing if it is closed. */
    Holdings holdings(int context);

    /**
     * @param queues hardware queues
     * @param allocations of device and host memory
     * @param bytes of these, in whole pages
     */
    record Holdings(int queues, int allocations, long bytes) {}

    QueueGrant openQueue(int context, QueueRequest request);

    /**
     * Tells the owner where the queue's completions are counted, so that one that never comes is noticed. Does nothing for a queue that the context does not hold.
     *
     * @param count 8 bytes, counted down by one for each packet; 0 is no count, and less says that a packet has failed
     * @param first what they are before the queue's first packet completes
     */
    void countsCompletions(int context, int queue, MemorySegment count, long first);

    /**
     * How many packets the device has taken from the queue's ring, by its register: for those who have reason to doubt what it writes to memory. Takes a microsecond or more.
     *
     * @return counted from when the queue was opened; {@link #UNKNOWN} if the context does not hold the queue
     */
    long packetsTaken(int context, int queue);

    /** Stops the queue at a packet boundary and takes it back; work in flight must have ended, or the context is lost by it. Does nothing in a closed context. */
    void closeQueue(int context, int queue);

    /** A client saw a queue fail: the owner looks for itself, and marks the context lost if it is so. */
    void queueFailed(int context, int queue);

    /** Why a context is lost; empty if it is not. */
    Optional<ContextLoss> loss(int context);

    /**
     * Why a context lost its work.
     *
     * @param role whether it was the cause
     * @param fault what the device reported of it, if it did
     * @param failure what to tell its user if that is not what the fault says
     */
    record ContextLoss(LossRole role, Optional<ContextFault> fault, Optional<Failure> failure) {}

    /** Rights of the engines to an allocation. */
    enum Access {
        READ, READ_WRITE, READ_EXECUTE
    }

    /**
     * @param context names the context in calls to the owner; never used again after it was closed
     * @param number of the address space in the device
     * @param status 8 bytes that the owner writes: {@link ContextStatus}
     */
    record ContextGrant(int context, int number, MemorySegment status) {}

    /**
     * @param address virtual address
     * @param bytes usable
     */
    record MemoryGrant(long address, long bytes) {}

    /**
     * @param address virtual address
     * @param bytes usable
     * @param memory the host's view
     */
    record PinnedGrant(long address, long bytes, MemorySegment memory) {}

    /**
     * @param log2Packets 2 to 16
     * @param priority 0 lowest (normal) to 3 highest
     * @param multiProducer its doorbell may take any value: producers do not agree who rings last
     * @param spare the client can do without: refused while the device has few left, which are for contexts that have none
     * @param object what it is for, for messages
     */
    record QueueRequest(int log2Packets, int priority, boolean multiProducer, boolean spare, String object) {}

    /**
     * @param queue number of the hardware queue
     * @param log2Packets size of the ring
     * @param ring 64-byte packets, all INVALID
     * @param readIndex 8 bytes to which the device posts how many packets it has taken
     * @param doorbell rings it
     * @param interrupt what ends the sleep of those who wait for it
     */
    record QueueGrant(int queue, int log2Packets, MemorySegment ring, MemorySegment readIndex, Doorbell doorbell, Wakeup interrupt) {}

    /** A queue's doorbell page: one posted store. */
    @FunctionalInterface
    interface Doorbell {
        /** @param packet index of the last packet made valid */
        void ring(long packet);
    }
}
