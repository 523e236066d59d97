package dev.openppu.driver.client;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.owner.OwnerService.QueueGrant;
import dev.openppu.driver.owner.OwnerService.QueueRequest;
import dev.openppu.driver.sync.LinkLock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The channels of a context, and which stream runs where. A channel is made when a stream first needs it, and given back with its last stream.
 *
 * <p>Streams of one priority (and one ring size) share up to {@code limit} channels; a new one goes to the least used of them. While the device has no queue to spare they
 * share what there is; a context that has none at all takes over one that has no work ({@link QueueSharing}), from which its streams part until they submit again. If all have work, opening a stream is
 * an error that says who holds what, and submitting waits.
 *
 * <p><b>False dependencies.</b> Streams that share a channel wait for each other. That ends by itself, except behind a wait for a value which only the host or
 * another stream can end. So before such a wait a stream moves to a channel that it has for itself ({@link #isolate}), beyond the limit if need be, and new streams are not
 * put there while the wait lasts. Only if the device has no queue to spare does it share a channel, first with others that wait so: those may then hold each other
 * up.
 *
 * <p>Thread-safe.
 */
public final class Channels {
    private static final int WAIT_VALUE = WaitValuePacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int BEHIND = WaitValuePacket.COMPARE_LESS_OR_EQUAL | WaitValuePacket.FLAG_64_BIT;

    private final ContextLink link;
    private final SignalPool signals;
    private final QueueSharing sharing;
    private final int limit;
    private final LinkLock lock;
    private final CopyOnWriteArrayList<Channel> channels = new CopyOnWriteArrayList<>();
    /** Signals of closed channels, whose count goes on in the next. */
    private final ArrayDeque<SignalSlot> counters = new ArrayDeque<>();
    private boolean abandoned;

    /** @param limit channels per priority that streams share, 1 or more */
    public Channels(ContextLink link, SignalPool signals, QueueSharing sharing, int limit) {
        this.link = link;
        this.sharing = sharing;
        this.signals = signals;
        this.limit = limit;
        this.lock = new LinkLock(link.runtime());
        sharing.join(this);
    }

    /** Those that there are now. */
    public List<Channel> all() {
        return channels;
    }

    /**
     * A new stream.
     *
     * @param priority 0 lowest to 3 highest
     * @param log2Packets of the ring
     * @throws PpuException if the context has no channel and the device no queue for it, naming who holds them
     */
    public Timeline open(int priority, int log2Packets) {
        lock.lock();
        try {
            giveBackUnused();
            Channel channel = choose(priority, log2Packets);
            Timeline timeline = new Timeline(new Lane(channel, 0), priority, log2Packets);
            channel.users().add(timeline);
            return timeline;
        } finally {
            lock.unlock();
        }
    }

    private Channel choose(int priority, int log2Packets) {
        Predicate<Channel> fits = channel -> channel.isOf(priority, log2Packets);
        List<Channel> free = channels.stream().filter(fits).filter(channel -> !channel.heldOrAboutTo()).toList();
        if (free.size() < limit) {
            Channel made = make(priority, log2Packets, channels.isEmpty());
            if (made != null) {
                return made;
            }
        }
        return leastUsed(free.stream()).or(() -> leastUsed(channels.stream().filter(channel -> !channel.heldOrAboutTo())))
                .or(() -> leastUsed(channels.stream().filter(fits)))
                .or(() -> leastUsed(channels.stream())).orElseThrow();
    }

    private static Optional<Channel> leastUsed(Stream<Channel> among) {
        return among.min(Comparator.comparingInt(channel -> channel.users().size()));
    }

    /** A channel on a queue of its own; null if the device has none to spare for a context that has some already. */
    private @Nullable Channel make(int priority, int log2Packets, boolean needed) {
        QueueGrant grant;
        QueueRequest request = new QueueRequest(log2Packets, priority, true, !needed, "streams of context " + link.number());
        try {
            grant = needed ? sharing.obtain(link, request, QueueSource.AT_ONCE) : link.owner().openQueue(link.context(), request);
        } catch (PpuException e) {
            if (!needed && e.hgresult() == HgResult.LAUNCH_OUT_OF_RESOURCES) {
                return null;
            }
            throw e;
        }
        SignalSlot signal = counters.isEmpty() ? signals.take() : counters.remove();
        CommandQueue queue = new CommandQueue(link, "queue " + grant.queue() + " of context " + link.number(), grant, signal,
                new Source(priority, log2Packets));
        link.joined(queue);
        if (abandoned) {
            queue.close();
        }
        Channel channel = new Channel(link, queue, priority, log2Packets);
        channels.add(channel);
        return channel;
    }

    /** Where a channel's queue goes on after its hardware queue was given up. */
    private final class Source implements QueueSource {
        private final QueueRequest request;

        Source(int priority, int log2Packets) {
            request = new QueueRequest(log2Packets, priority, true, false, "streams of context " + link.number());
        }

        @Override
        public QueueGrant reopen(long deadlineNanos) {
            return sharing.obtain(link, request, deadlineNanos);
        }

        @Override
        public void counts(int queue, SignalSlot signal, long first) {
            link.owner().countsCompletions(link.context(), queue, signal.word(), first);
        }

        @Override
        public long taken(int queue) {
            return link.owner().packetsTaken(link.context(), queue);
        }

        @Override
        public void giveBack(int queue) {
            link.owner().closeQueue(link.context(), queue);
            sharing.queueReturned();
        }
    }

    /**
     * Gives up one hardware queue that has no work, if there is one; does not wait for who is busy here just now.
     *
     * @param used also one that was used since this was last asked
     */
    boolean yieldQueue(boolean used) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            for (Channel channel : channels) {
                if (!abandoned && yields(channel, used)) {
                    return true;
                }
            }
            return false;
        } catch (PpuException e) { // the device is gone, or the context is: whoever wants a queue hears that by itself
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean yields(Channel channel, boolean used) {
        CommandQueue queue = channel.queue();
        if (queue.isParked()) {
            return false;
        }
        if (channel.users().isEmpty() && channel.tryEnd()) {
            giveBack(channel);
            return true;
        }
        boolean quiet = !channel.usedSinceLook();
        if (!quiet && !used || channel.isKept() || channel.heldOrAboutTo() || !queue.park()) {
            return false;
        }
        link.owner().closeQueue(link.context(), queue.number());
        sharing.queueReturned();
        return true;
    }

    /** Whether a hardware queue has no work just now: looks, and takes no lock. */
    boolean anyIdle() {
        for (Channel channel : channels) {
            if (!channel.isKept() && !channel.queue().isParked() && channel.queue().idle()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Called before a wait for a value is submitted: has the stream run in a channel where it holds up nobody else, if there is one to be had, and announces the hold. {@link #held}
     * follows.
     */
    public Channel isolate(Timeline timeline) {
        lock.lock();
        try {
            Channel present = timeline.lane().channel();
            Channel own = present.users().size() == 1 ? present : channelFor(timeline, present);
            if (own != present && !move(timeline, own)) {
                own = present;
            }
            own.announceHold();
            return own;
        } finally {
            lock.unlock();
        }
    }

    /** The wait that {@link #isolate} announced was submitted, or was not (0). */
    public void held(Channel channel, long target) {
        lock.lock();
        channel.holdSubmitted(target);
        lock.unlock();
    }

    private Channel channelFor(Timeline timeline, Channel present) {
        Optional<Channel> unused = channels.stream()
                .filter(channel -> channel.isOf(timeline.priority(), timeline.log2Packets()) && channel.users().isEmpty()
                        && !channel.heldOrAboutTo())
                .findFirst();
        if (unused.isPresent()) {
            return unused.get();
        }
        Channel made = make(timeline.priority(), timeline.log2Packets(), false);
        if (made != null) {
            return made;
        }
        Predicate<Channel> fits = channel -> channel.isOf(timeline.priority(), timeline.log2Packets());
        for (Channel channel : channels) {
            if (fits.test(channel) && vacate(channel, present)) {
                return channel;
            }
        }
        return leastUsed(channels.stream().filter(fits).filter(Channel::heldOrAboutTo)).orElse(present);
    }

    /** Has a channel's only stream, if it has nothing to do, share {@code shared}; whether it did. */
    private boolean vacate(Channel channel, Channel shared) {
        if (channel == shared || channel.users().size() != 1 || channel.heldOrAboutTo() || !channel.queue().idle()) {
            return false;
        }
        return move(channel.users().iterator().next(), shared);
    }

    /** Has the stream go on in another channel, behind what it has submitted to the present one; {@code false} if that channel's ring is full. */
    private boolean move(Timeline timeline, Channel to) {
        Lane old = timeline.lane();
        CommandQueue target = to.queue();
        if (!target.tryClaim(1)) {
            return false;
        }
        Lane next = new Lane(to, 0);
        old.queue().enter();
        try { // nothing in here waits: who finds the old lane left finds the new one at once
            if (!old.queue().reached(old.last())) {
                WaitValuePacket.encode(target.ring(), target.slot(), BEHIND, old.signalAddress(), old.queue().signalAt(old.last()),
                        target.signalAddress());
                next.submit(WAIT_VALUE);
            }
            old.leave();
            timeline.moveTo(next);
        } finally {
            old.queue().release();
            target.release();
        }
        old.channel().users().remove(timeline);
        to.users().add(timeline);
        return true;
    }

    /**
     * A stream is closed. Gives its channel back if nobody else uses it; work of this stream that is in flight there loses the context. A channel with work of streams that have moved
     * away stays until that has ended.
     */
    public void close(Timeline timeline) {
        lock.lock();
        try {
            Channel channel = timeline.lane().channel();
            channel.users().remove(timeline);
            if (channel.users().isEmpty() && !abandoned && !timeline.reached()) {
                channel.end();
                giveBack(channel);
            }
            giveBackUnused();
        } finally {
            lock.unlock();
        }
    }

    /** Channels whose last stream is gone, and what moved streams have left there has ended. */
    private void giveBackUnused() {
        for (Channel channel : channels) {
            if (channel.users().isEmpty() && !abandoned && channel.tryEnd()) {
                giveBack(channel);
            }
        }
    }

    private void giveBack(Channel channel) {
        channels.remove(channel);
        CommandQueue queue = channel.queue();
        queue.close();
        if (!queue.isParked()) {
            link.owner().closeQueue(link.context(), queue.number());
            sharing.queueReturned();
        }
        channel.close();
        if (queue.idle()) {
            counters.add(queue.signal());
        }
    }

    /**
     * Has a stream run in another channel than a second one, if there is one to be had. The second one keeps its hardware queue from now on, because the first one may wait for it.
     *
     * @return whether it does
     */
    public boolean separate(Timeline timeline, Timeline from) {
        lock.lock();
        try {
            Channel present = timeline.lane().channel();
            from.lane().channel().keep();
            if (present != from.lane().channel()) {
                return true;
            }
            Channel other = channelFor(timeline, present);
            return other != present && !other.heldOrAboutTo() && move(timeline, other);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits; the context takes the queues back with everything else. */
    public void abandon() {
        lock.lock();
        abandoned = true;
        lock.unlock();
        channels.forEach(channel -> channel.queue().close());
        sharing.leave(this);
    }
}
