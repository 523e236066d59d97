package dev.openppu.driver.client;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.owner.OwnerService.QueueGrant;
import dev.openppu.driver.owner.OwnerService.QueueRequest;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.irq.Wakeup;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How the contexts of a device share its hardware queues when there are fewer than they want. A context that has none takes one over whose streams have nothing to do; first one that has not been used
 * since somebody looked last, then any. When all have work, those who want one stand in line, in the order in which they came; who gives up (deadline, interrupt, lost context) leaves the line.
 *
 * <p>Queues change hands by the consent of whose they are: nobody's queue is taken while it has work, and a client's queues are given up by its own code ({@link Channels#yieldQueue}). Thread-safe.
 */
public final class QueueSharing {
    /** Between two attempts of the first in line while those who have queues are busy with themselves. */
    private static final long PAUSE_NANOS = 50_000;

    private final LinkRuntime runtime;
    private final CopyOnWriteArrayList<Channels> members = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Object> line = new ConcurrentLinkedQueue<>();
    /** Counts queues that went back. */
    private final AtomicLong returned = new AtomicLong();
    private final AtomicInteger hand = new AtomicInteger();

    public QueueSharing(LinkRuntime runtime) {
        this.runtime = runtime;
    }

    void join(Channels member) {
        members.add(member);
    }

    void leave(Channels member) {
        members.remove(member);
        queueReturned();
    }

    /** A queue went back to the device. */
    public void queueReturned() {
        returned.incrementAndGet();
        if (!line.isEmpty()) {
            runtime.wake();
        }
    }

    /**
     * A hardware queue.
     *
     * @param deadlineNanos until when to wait if all have work; {@link QueueSource#AT_ONCE} for not at all
     * @throws PpuException LAUNCH_OUT_OF_RESOURCES, naming who holds them; NOT_PERMITTED in a stage that would have to wait
     */
    QueueGrant obtain(ContextLink link, QueueRequest request, long deadlineNanos) {
        PpuException exhausted = null;
        if (line.isEmpty()) {
            try {
                return attempt(link, request);
            } catch (PpuException e) {
                exhausted = requireExhausted(e);
            }
        }
        if (deadlineNanos == QueueSource.AT_ONCE) {
            return exhausted == null ? attempt(link, request) : fail(exhausted);
        }
        StageScope.refuseWait(link.device(), request.object());
        return standInLine(link, request, deadlineNanos);
    }

    private static QueueGrant fail(PpuException why) {
        throw why;
    }

    private QueueGrant standInLine(ContextLink link, QueueRequest request, long deadlineNanos) {
        Object place = new Object();
        line.add(place);
        try {
            while (true) {
                long seen = returned.get();
                PpuException exhausted = null;
                if (line.peek() == place) {
                    try {
                        return attempt(link, request);
                    } catch (PpuException e) {
                        exhausted = requireExhausted(e);
                    }
                    link.await(request.object(), () -> false, runtime.nanos() + PAUSE_NANOS, link.policy(), Wakeup.any());
                }
                boolean ended = link.await(request.object(),
                        () -> !link.alive() || line.peek() == place && (returned.get() != seen || anyIdle()),
                        deadlineNanos, link.policy(), Wakeup.any());
                link.requireAlive();
                if (!ended) {
                    throw Objects.requireNonNullElseGet(exhausted, () -> link.timeout(request.object(),
                            "all hardware queues have work, and others were waiting for one before", "wait longer"));
                }
            }
        } finally {
            line.remove(place);
            runtime.wake();
        }
    }

    /** Opens one, after others have given one up if need be. */
    private QueueGrant attempt(ContextLink link, QueueRequest request) {
        while (true) {
            try {
                return link.owner().openQueue(link.context(), request);
            } catch (PpuException e) {
                requireExhausted(e);
                if (!anyYields()) {
                    throw e;
                }
            }
        }
    }

    private static PpuException requireExhausted(PpuException e) {
        if (e.hgresult() != HgResult.LAUNCH_OUT_OF_RESOURCES) {
            throw e;
        }
        return e;
    }

    private boolean anyYields() {
        return anyYields(false) || anyYields(true);
    }

    /** Begins with another member each time. */
    private boolean anyYields(boolean used) {
        Object[] all = members.toArray();
        int begin = Math.floorMod(hand.getAndIncrement(), Math.max(1, all.length));
        for (int i = 0; i < all.length; i++) {
            if (((Channels) all[(begin + i) % all.length]).yieldQueue(used)) {
                return true;
            }
        }
        return false;
    }

    private boolean anyIdle() {
        for (Channels member : members) {
            if (member.anyIdle()) {
                return true;
            }
        }
        return false;
    }
}
