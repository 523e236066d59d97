package dev.openppu.driver.client;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.Signal;
import dev.openppu.driver.Failure;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.event.CompletionEvent;
import dev.openppu.driver.event.SubmissionEvent;
import dev.openppu.driver.owner.OwnerService;
import dev.openppu.driver.owner.OwnerService.Doorbell;
import dev.openppu.driver.owner.OwnerService.QueueGrant;
import dev.openppu.driver.sync.Waiting;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Wakeup;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The producers' side of a hardware queue whose packets complete in order.
 *
 * <p>Every packet has the barrier bit and names the one completion signal of this queue, which counts down: so the number of completed packets is the distance from
 * where it stood at first, it never wraps, and one acquire load polls it.
 *
 * <p>Producers take turns: {@link #claim} (waits while the ring is full), then for each packet {@link #slot}, its body, {@link #submit}, then {@link #release}, which
 * rings the doorbell once for all of them. A turn is short: nobody waits for the device in it. Producers that find the ring full are served in the order in which they came, and who comes
 * later passes them only if there is space for them too, so that a line ends when there is space again; one
 * that gives up (deadline, interrupt, close) leaves nothing behind. Producers that meet ring once: who ends its turn while another waits for it leaves the ringing to that
 * one.
 *
 * <p>A queue without work can be parked: its hardware queue is given back, and whoever submits next gets another one, where counting goes on with the first slot of the ring. Who has the turn of a
 * queue that is not parked keeps the hardware queue at least until what it submits has completed.
 *
 * <p>Polling is for any thread. Neither allocates, and a turn that nobody contends is one compare-and-set.
 */
public final class CommandQueue extends ProducerFields.Padded {
    private static final long START = Long.MAX_VALUE;
    private static final long FAILED = -1;
    /** Packets that may go unannounced while producers meet. */
    private static final long MOST_UNRUNG = 16;
    private static final int TURN_SPINS = 200;
    /** How long a producer gives its processor to others between two looks at the clock: a turn is short, so nobody announces its end, and a sleep would cost more. */
    private static final long TURN_NANOS = 20_000;

    /** For so long a full ring is believed to be full by what memory says. */
    private static final long DOUBT_NANOS = 20_000_000;

    private final ContextLink link;
    private final Waiting waiting;
    private final QueueSource source;
    private final SignalSlot signal;
    private final long start;
    private final long capacity;
    private volatile String object;
    private volatile int number;
    private volatile Wakeup interrupt;
    /** The hardware queue, these three; guarded by the turn. */
    private MemorySegment ring;
    private MemorySegment readIndex;
    private Doorbell doorbell;
    /** Packets submitted before the hardware queue, which counts from 0; guarded by the turn, read by waiters. */
    private volatile long origin;
    /** There is no hardware queue, for now; written in the turn. */
    private volatile boolean parked;
    private volatile boolean closed;
    /** Producers may not go on as they are: parked or closed. */
    private volatile boolean away;
    /** Producers that get, or have just got, a hardware queue for this one. */
    private final AtomicInteger resuming = new AtomicInteger();
    private final AtomicBoolean resumed = new AtomicBoolean();
    private volatile long completedAtClose;
    /** The producer that is served next when there is space; guarded by the turn, read by waiters. */
    private volatile @Nullable Ticket first;
    private @Nullable Ticket last;
    /** Packets that producers in the line want space for; guarded by the turn. Who finds space beyond it need not stand in line, because nobody there is held up by that. */
    private long queued;
    /** Somebody ended its turn and left the ringing to the next; guarded by the turn. */
    private boolean ringOwed;

    /** @param signal a slot of zeroes, or one of an earlier queue all of whose packets have completed: its count goes on, so old waits for it stay met */
    public CommandQueue(ContextLink link, String object, QueueGrant grant, SignalSlot signal) {
        this(link, object, grant, signal, QueueSource.NONE);
    }

    /** @param source where there is another hardware queue when this one was parked */
    CommandQueue(ContextLink link, String object, QueueGrant grant, SignalSlot signal, QueueSource source) {
        this.link = link;
        this.source = source;
        this.waiting = new Waiting(link.runtime());
        this.object = object;
        this.number = grant.queue();
        this.ring = grant.ring();
        this.readIndex = grant.readIndex();
        this.doorbell = grant.doorbell();
        this.interrupt = grant.interrupt();
        this.signal = signal;
        this.capacity = 1L << grant.log2Packets();
        long standing = signal.acquire(0);
        this.start = standing > 0 ? standing : START;
        Signal.publish(signal.memory(), signal.offset(), start);
        source.counts(number, signal, start);
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

    /** What the completion signal is at most once {@code target} packets have completed: for WAIT_VALUE packets of other queues. */
    public long signalAt(long target) {
        return start - target;
    }

    /** Packets submitted so far: the index of the next one. */
    public long submitted() {
        return (long) SUBMITTED.getAcquire((ProducerFields) this);
    }

    // ---------------------------------------------------------------- producers

    /**
     * Takes the turn when there is space for {@code packets} packets. Waits for space if the ring is full, until the deadline; an interrupt or {@link #close} ends the wait too,
     * and in a stage ({@link StageScope}) it is refused.
     * After it throws, the caller does not have the turn.
     */
    public void claim(int packets, long deadlineNanos) {
        takeTurn();
        if (away || !link.alive()) {
            comeBack(deadlineNanos);
        }
        if (!room(queued + packets)) {
            queueUp(packets, deadlineNanos);
        }
    }

    /** Called in the turn; gives it up while it gets a hardware queue, and has it again when it returns. */
    private void comeBack(long deadlineNanos) {
        resuming.incrementAndGet(); // from now on it is not parked
        try {
            while (away || !link.alive()) {
                boolean gone = closed || !link.alive();
                endTurn();
                if (gone) {
                    throw stopReason();
                }
                resume(deadlineNanos);
                takeTurn();
            }
        } finally {
            resuming.decrementAndGet();
        }
    }

    private void resume(long deadlineNanos) {
        if (!resumed.compareAndSet(false, true)) {
            refuseWait();
            if (!link.await(object, () -> !resumed.get() || stopped(), deadlineNanos, link.policy(), Wakeup.any())) {
                throw link.timeout(object, "another thread waits for a hardware queue for it still", "wait longer");
            }
            return;
        }
        try {
            if (parked) {
                adopt(source.reopen(deadlineNanos));
            }
        } finally {
            resumed.set(false);
            link.runtime().wake();
        }
    }

    private void adopt(QueueGrant grant) {
        takeTurn();
        try {
            if (!closed) {
                long behind = submitted + capacity - 1 & -capacity; // the hardware begins with slot 0
                long skipped = behind - submitted;
                SUBMITTED.setRelease((ProducerFields) this, behind);
                RUNG.setRelease((ProducerFields) this, behind);
                taken = behind;
                origin = behind;
                use(grant);
                source.counts(number, signal, start - behind); // before the count skips any: whoever gives the last hardware queue back just now does not look there any more
                Signal.publish(signal.memory(), signal.offset(), signal.acquire(0) - skipped); // nothing is in flight: nobody else writes it
                parked = false;
                away = false;
                return;
            }
        } finally {
            endTurn();
        }
        source.giveBack(grant.queue());
    }

    private void use(QueueGrant grant) {
        number = grant.queue();
        object = "queue " + number + " of context " + link.number();
        ring = grant.ring();
        readIndex = grant.readIndex();
        doorbell = grant.doorbell();
        interrupt = grant.interrupt();
    }

    /**
     * Gives up the hardware queue if there is nothing in flight, nothing unannounced, and nobody about to submit: the next who submits gets another one ({@link QueueSource}). Whatever has
     * completed stays completed, and so do waits for it.
     *
     * @return whether it did; then the caller gives the queue {@link #number} back
     */
    boolean park() {
        takeTurn();
        try {
            if (away || resuming.get() > 0 || first != null || ringOwed || rung != submitted || !idle()) {
                return false;
            }
            parked = true;
            away = true;
            return true;
        } finally {
            releaseQuietly(); // a producer may have left the ringing to this turn
        }
    }

    /** Whether it has no hardware queue now. */
    boolean isParked() {
        return parked;
    }

    /** As {@link #claim}, but does not wait: {@code false}, and no turn, if the ring is full or the queue has stopped. */
    boolean tryClaim(int packets) {
        takeTurn();
        if (away && !closed && link.alive()) {
            try {
                comeBack(QueueSource.AT_ONCE);
            } catch (PpuException e) {
                return false; // no queue to spare, or no context any more
            }
        }
        if (away || !link.alive() || !room(queued + packets)) {
            releaseQuietly(); // a producer may have left the ringing to this turn
            return false;
        }
        return true;
    }

    /** Takes the turn, whatever the ring holds; {@link #release} ends it. */
    void enter() {
        takeTurn();
    }

    /** The offset in {@link #ring} of the next packet's slot. */
    public long slot() {
        return slotOf(submitted);
    }

    /** Hands the packet whose body was written to {@link #slot} to the device; returns the count of {@link #completed} at which it is done. */
    public long submit(int word) {
        long index = submitted;
        long slot = slotOf(index);
        SUBMITTED.setRelease((ProducerFields) this, index + 1); // before the packet is published: so no completion can be ahead of it
        AqlHeader.publish(ring, slot, word);
        return index + 1;
    }

    /** Rings the doorbell if something was submitted, and ends the turn. */
    public void release() {
        long from = rung;
        long published = submitted;
        boolean unrung = published != from;
        boolean ring = unrung && ((int) CONTENDERS.getOpaque((ProducerFields) this) == 0 || published - from >= MOST_UNRUNG);
        boolean waiters = first != null;
        try {
            if (ring) {
                RUNG.setRelease((ProducerFields) this, published);
                doorbell.ring(published - 1); // in the turn: the owner wants rings one at a time
            }
            ringOwed = unrung && !ring;
        } finally {
            endTurn();
        }
        if (ring && SubmissionEvent.wanted()) {
            SubmissionEvent.record(link.device(), link.number(), number, from, (int) (published - from));
        }
        if (waiters) {
            link.runtime().wake();
        }
    }

    /** As {@link #release}, but leaves the doorbell to a later release or {@link #flush}. */
    public void releaseQuietly() {
        if (ringOwed) {
            release();
            return;
        }
        boolean waiters = first != null;
        endTurn();
        if (waiters) {
            link.runtime().wake();
        }
    }

    /** Rings for packets up to {@code target} that nobody has rung for. */
    public void flush(long target) {
        if ((long) RUNG.getAcquire((ProducerFields) this) < target) {
            takeTurn();
            release();
        }
    }

    /** Rings once more for the last packet that was handed over, for a ring is a posted write and may be lost; not while a producer is at work, who may be waiting for room, and rings anyway. */
    public void ringAgain() {
        if (!TURN.compareAndSet((ProducerFields) this, 0, 1)) {
            return;
        }
        boolean waiters = first != null;
        try {
            if (submitted > 0) {
                doorbell.ring(submitted - 1);
            }
        } finally {
            endTurn();
        }
        if (waiters) {
            link.runtime().wake();
        }
    }

    private void takeTurn() {
        if (!TURN.compareAndSet((ProducerFields) this, 0, 1)) {
            awaitTurn();
        }
    }

    private void awaitTurn() {
        int others = (int) CONTENDERS.getAndAdd((ProducerFields) this, 1);
        LinkRuntime runtime = link.runtime();
        try {
            int spins = runtime.looks(WaitPolicy.SPIN_THEN_SLEEP) == 0 ? 0 : TURN_SPINS >> Math.min(others, 4);
            while (!TURN.compareAndSet((ProducerFields) this, 0, 1)) {
                if (spins-- > 0) {
                    runtime.spin();
                } else { // a turn ends soon: an interrupt can wait
                    waiting.uninterruptibly(this::turnFree, runtime.nanos() + TURN_NANOS, WaitPolicy.YIELD);
                }
            }
        } finally {
            int _ = (int) CONTENDERS.getAndAdd((ProducerFields) this, -1);
        }
    }

    private boolean turnFree() {
        return (int) TURN.getAcquire((ProducerFields) this) == 0;
    }

    private void endTurn() {
        TURN.setRelease((ProducerFields) this, 0);
    }

    /** Whether the holder of the turn has space for so many packets. */
    private boolean room(long packets) {
        if (capacity - (submitted - taken) >= packets) {
            return true;
        }
        long now = readIndex();
        if (now < taken || now > submitted) {
            long before = taken;
            endTurn();
            throw nonsense("took " + now + " packets after " + before + " of " + submitted());
        }
        if (now > taken && !spent(now - 1)) {
            return false;
        }
        taken = now;
        return capacity - (submitted - now) >= packets;
    }

    /** As {@link #room}, by what the device's register said in place of what is in memory. */
    private boolean roomBy(long known, long packets) {
        long now = origin + known;
        if (known < 0 || now < taken || now > submitted) { // nobody could tell, or it has gone on since
            return false;
        }
        taken = now;
        return capacity - (submitted - now) >= packets;
    }

    private long readIndex() {
        return origin + Signal.acquire(readIndex, 0);
    }

    /**
     * Whether the slot of a packet that was submitted has been given back: the device does so before it counts the packet in its read index. Where the two do not agree one was written wrong, and whoever believed
     * the index alone might overwrite packets that are still to be taken. Who waits asks the device's register then, after a while.
     */
    private boolean spent(long index) {
        return AqlHeader.type(AqlHeader.acquire(ring, slotOf(index))) == AqlHeader.TYPE_INVALID;
    }

    private long slotOf(long index) {
        return (index & capacity - 1) * AqlHeader.PACKET_BYTES;
    }

    /** One producer's place in the line for space. */
    private final class Ticket implements java.util.function.BooleanSupplier {
        private final int packets;
        private @Nullable Ticket before;
        private @Nullable Ticket behind;

        Ticket(int packets) {
            this.packets = packets;
        }

        @Override
        public boolean getAsBoolean() {
            if (stopped()) {
                return true;
            }
            if (first != this) {
                return false;
            }
            try {
                long now = readIndex();
                long used = submitted() - now;
                return used < 0 || used > capacity || capacity - used >= packets && spent(now - 1); // a wild index is looked at in the turn
            } catch (IllegalStateException e) { // the ring was taken back
                return true;
            }
        }
    }

    /** Called in the turn, which it gives up while it waits. */
    private void queueUp(int packets, long deadlineNanos) {
        if (packets > capacity) {
            release();
            throw link.invalid(object, packets + " packets at once in a ring of " + capacity, "submit fewer, or make the ring larger");
        }
        if (StageScope.active()) {
            release();
            refuseWait();
            throw stopReason();
        }
        Ticket ticket = join(new Ticket(packets));
        release();
        boolean served = false;
        try {
            while (!served) {
                boolean ended = link.await(object, ticket, Math.min(deadlineNanos, link.runtime().nanos() + DOUBT_NANOS), link.policy(),
                        interrupt);
                long known = ended || first != ticket ? OwnerService.UNKNOWN : source.taken(number);
                takeTurn();
                served = !stopped() && first == ticket && (room(packets) || roomBy(known, packets)); // who was before may have taken the space meanwhile
                if (served) {
                    leave(ticket);
                } else {
                    boolean stopped = stopped();
                    endTurn();
                    if (stopped) {
                        throw stopReason();
                    }
                    if (!ended && link.runtime().nanos() >= deadlineNanos) {
                        throw link.timeout(object, "its ring of " + capacity + " packets stayed full",
                                "wait for work in flight, or give it longer");
                    }
                }
            }
        } finally {
            if (!served) {
                takeTurn();
                leave(ticket);
                release();
            }
        }
    }

    private Ticket join(Ticket ticket) {
        Ticket end = last;
        ticket.before = end;
        last = ticket;
        queued += ticket.packets;
        if (end == null) {
            first = ticket;
        } else {
            end.behind = ticket;
        }
        return ticket;
    }

    private void leave(Ticket ticket) {
        Ticket before = ticket.before;
        Ticket behind = ticket.behind;
        queued -= ticket.packets;
        if (before == null) {
            first = behind;
        } else {
            before.behind = behind;
        }
        if (behind == null) {
            last = before;
        } else {
            behind.before = before;
        }
    }

    // ---------------------------------------------------------------- completion

    /** Packets completed so far, by one acquire load; -1 if one failed, or the device claims what cannot be. */
    public long completed() {
        long value = signal.acquire(0);
        if (closed) { // another queue may count on from here
            return completedAtClose;
        }
        long done = start - value;
        return value < 0 || impossible(done) ? FAILED : done;
    }

    /** Whether the packet for which {@link #submit} returned {@code target} has completed. */
    public boolean reached(long target) {
        long value = signal.acquire(0);
        if (value < 0 || start - value < target) {
            return closed && completedAtClose >= target;
        }
        return completed() >= target;
    }

    /**
     * As {@link #reached}, for those who go on with what the work has made: throws if the context is lost, or another queue of it has failed or counts what cannot be. A reset ends work too, and lets go on what waited for it; but the
     * context is marked before the reset, so whoever looks at the mark after the count is not deceived.
     */
    public boolean done(long target) {
        if (!reached(target)) {
            return false;
        }
        if (link.lost()) {
            throw link.failure();
        }
        link.requireAllSound();
        return true;
    }

    /** Throws if a packet of it has failed, or the device claims what cannot be: then the count says nothing of what other queues waited for either. */
    void requireSound() {
        long value = signal.acquire(0);
        if (closed) { // looked at in this order: the slot is taken back behind the closing
            return;
        }
        if (value < 0) {
            throw link.queueFailure(number);
        }
        if (impossible(start - value)) {
            throw overclaimed(start - value);
        }
    }

    /** What was submitted is known before the device can see it. */
    private boolean impossible(long done) {
        return done < 0 || done > submitted();
    }

    /** Everything submitted has completed. */
    public boolean idle() {
        return reached(submitted());
    }

    /** Nothing will complete any more: a packet failed, the context is not alive, or the queue is closed. */
    public boolean stopped() {
        return closed || !link.alive() || completed() == FAILED;
    }

    /** Waits until {@code target} is reached, as the context's policy says; throws what stopped the queue, or a time-out. */
    public void await(long target, long deadlineNanos) {
        await(target, deadlineNanos, link.policy());
    }

    /** As {@link #await(long, long)}, by a policy of the caller's. */
    public void await(long target, long deadlineNanos, WaitPolicy policy) {
        if (done(target)) {
            return;
        }
        refuseWait();
        flush(target);
        for (int looks = link.runtime().looks(policy); looks > 0; looks--) {
            if (done(target)) {
                return;
            }
            link.runtime().spin();
        }
        CompletionEvent event = CompletionEvent.wanted() ? CompletionEvent.begin(link.device(), link.number(), number, target) : null;
        boolean ended = link.await(object, () -> reached(target) || stopped(), deadlineNanos, policy, interrupt);
        if (event != null) {
            event.finished(completed());
        }
        if (done(target)) {
            return;
        }
        if (ended) {
            throw stopReason();
        }
        throw link.timeout(object,
                "packet " + (target - 1) + " has not completed in time; " + completed() + " packets of " + submitted() + " have",
                "wait longer, or close the context to abandon the work");
    }

    private void refuseWait() {
        if (!stopped()) { // else there is a better reason, and no wait
            StageScope.refuseWait(link.device(), object);
        }
    }

    /** What ends the sleep of those who wait for this queue. */
    public Wakeup interrupt() {
        return interrupt;
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
        return value >= 0 ? overclaimed(start - value) : link.queueFailure(number);
    }

    /** Ends all waits; when it returns, no producer touches the ring any more. Idempotent. */
    public void close() {
        takeTurn();
        if (!closed) {
            completedAtClose = Math.max(0, completed());
            closed = true;
            away = true;
        }
        endTurn();
        link.left(this);
        link.runtime().wake();
    }

    private PpuException overclaimed(long done) {
        return nonsense("completed " + done + " packets of " + submitted());
    }

    private PpuException nonsense(String claim) {
        return new PpuException(Failure.of(HgResult.UNKNOWN, link.device(), object, "the device claims that it " + claim,
                "the device is not to be trusted any more: reset it"));
    }

    @Override
    public String toString() {
        return object;
    }
}
