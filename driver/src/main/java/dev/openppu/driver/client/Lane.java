package dev.openppu.driver.client;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One stream's way through one channel: which packet there is its last. A stream that goes on in another channel leaves its lane for a new one.
 *
 * <p>Between {@link Timeline#claim} and {@link #release} the caller has the channel's turn: {@link #slot}, the packet's body in {@link #ring}, {@link #submit}.
 */
public final class Lane {
    private static final VarHandle LAST;

    static {
        try {
            LAST = MethodHandles.lookup().findVarHandle(Lane.class, "last", long.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Channel channel;
    private final CommandQueue queue;
    /** Written in the channel's turn. */
    private long last;
    /** Its stream goes on elsewhere; guarded by the channel's turn. */
    private boolean left;

    Lane(Channel channel, long last) {
        this.channel = channel;
        this.queue = channel.queue();
        this.last = last;
    }

    public Channel channel() {
        return channel;
    }

    public CommandQueue queue() {
        return queue;
    }

    /** The count of completed packets at which its stream's work is done: an acquire load. */
    public long last() {
        return (long) LAST.getAcquire(this);
    }

    /** Everything that its stream has submitted. */
    public Mark mark() {
        return new Mark(channel, last());
    }

    /** Takes the channel's turn; {@code false}, and no turn, if the stream has left. */
    boolean claim(int packets, long deadlineNanos) {
        queue.claim(packets, deadlineNanos);
        if (left) {
            queue.release();
            return false;
        }
        return true;
    }

    public MemorySegment ring() {
        return queue.ring();
    }

    public long slot() {
        return queue.slot();
    }

    public long signalAddress() {
        return queue.signalAddress();
    }

    /** Hands the packet in {@link #slot} to the device; returns the count of completed packets at which it is done. */
    public long submit(int word) {
        long target = queue.submit(word);
        LAST.setRelease(this, target);
        return target;
    }

    /** What is submitted to this lane from now on comes behind {@code target} anyway, because the channel is the same; so is what waits for the stream. */
    public void follow(long target) {
        if (last < target) {
            LAST.setRelease(this, target);
        }
    }

    /** Ends the turn. */
    public void release(boolean quietly) {
        if (quietly) {
            queue.releaseQuietly();
        } else {
            queue.release();
        }
    }

    /** Called in the channel's turn: the stream goes on in another lane, which it has already. */
    void leave() {
        left = true;
    }
}
