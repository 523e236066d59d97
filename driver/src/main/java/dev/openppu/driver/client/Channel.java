package dev.openppu.driver.client;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A hardware queue that streams of one context share, with the staging and argument memory that their work goes through.
 *
 * <p>A channel is <em>held</em> while it runs a wait whose end is not the work of earlier packets: for a value that the host, or another stream, will write. Whatever stands
 * behind such a wait may wait for ever for nothing, so a held channel should have one stream only ({@link Channels}).
 */
public final class Channel {
    private static final int ENDED = Integer.MIN_VALUE / 2;

    private final CommandQueue queue;
    private final StagingArea staging;
    private final ArgumentArea arguments;
    private final int priority;
    private final int log2Packets;
    /** Streams that submit here; guarded by the lock of {@link Channels}. */
    private final Set<Timeline> users = new HashSet<>();
    /** Holds announced and not submitted yet; guarded by the lock of {@link Channels}. */
    private int announced;
    /** Copies that go through its memory and hold a place there; far below 0 once it was given back. */
    private final AtomicInteger guests = new AtomicInteger();
    private volatile long heldUntil;
    private volatile boolean kept;
    /** Guarded by the lock of {@link Channels}. */
    private long seen;

    Channel(ContextLink link, CommandQueue queue, int priority, int log2Packets) {
        this.queue = queue;
        this.staging = new StagingArea(link);
        this.arguments = new ArgumentArea(link, queue);
        this.priority = priority;
        this.log2Packets = log2Packets;
    }

    public CommandQueue queue() {
        return queue;
    }

    public StagingArea staging() {
        return staging;
    }

    public ArgumentArea arguments() {
        return arguments;
    }

    /** 0 lowest to 3 highest. */
    public int priority() {
        return priority;
    }

    /** Everything submitted so far. */
    public Mark everything() {
        return new Mark(this, queue.submitted());
    }

    /** A wait for a value stands in its work. */
    public boolean held() {
        return !queue.reached(heldUntil);
    }

    boolean isOf(int wantedPriority, int wantedLog2) {
        return priority == wantedPriority && log2Packets == wantedLog2;
    }

    /** Its hardware queue is not given to others: work elsewhere may wait for what will be submitted here. */
    void keep() {
        kept = true;
    }

    boolean isKept() {
        return kept;
    }

    /** Whether anything was submitted since this was last asked. */
    boolean usedSinceLook() {
        long now = queue.submitted();
        boolean used = now != seen;
        seen = now;
        return used;
    }

    Set<Timeline> users() {
        return users;
    }

    boolean heldOrAboutTo() {
        return announced > 0 || held();
    }

    void announceHold() {
        announced++;
    }

    /** @param target the wait's, or 0 if it was not submitted after all */
    void holdSubmitted(long target) {
        announced--;
        heldUntil = Math.max(heldUntil, target);
    }

    /** A copy will use the staging memory, wherever its stream goes meanwhile; {@code false} if it was given back. {@link #leave} follows. */
    boolean enter() {
        int before = guests.get();
        while (before >= 0) {
            if (guests.compareAndSet(before, before + 1)) {
                return true;
            }
            before = guests.get();
        }
        return false;
    }

    void leave() {
        guests.decrementAndGet();
    }

    /** Whether nothing of it is in use: work of streams that have moved away may be in its ring still, or go through its memory. If so nobody enters any more. */
    boolean tryEnd() {
        return queue.idle() && staging.idle() && guests.compareAndSet(0, ENDED);
    }

    /** Nobody enters any more. */
    void end() {
        guests.set(ENDED);
    }

    /** Gives its memory back. */
    void close() {
        staging.close();
        arguments.close();
    }
}
