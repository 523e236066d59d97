package dev.openppu.driver.owner.hang;

import dev.openppu.hal.LinkRuntime;
import java.util.List;
import java.util.Optional;

/**
 * Finds queues that have work and do not advance. Looked at periodically from one thread; {@link #restart} may come from any.
 *
 * <p>A look costs two loads of host memory a queue. Registers are read only of a queue that has, or may have, work and whose read index has not moved for a quarter of the limit, and then once a
 * quarter; a queue found idle is not asked again before it moves. A packet that is not taken for a fiftieth of the limit has its doorbell rung again, then less and less often. Only time during which the host was awake counts: of a long gap between two looks no more than an
 * eighth of the limit.
 */
public final class HangWatch {
    /** Looks at a silent queue's registers within one limit. */
    private static final int INSPECTIONS = 4;
    /** After this part of the limit the doorbell of a packet that was not taken is rung again. */
    private static final int REMIND_AFTER = 50;
    /** Of a gap between two looks, this part of the limit counts at most. */
    private static final int STEPS = 8;
    /** A queue that only waits for its turn has this many limits, for another one may be the cause. */
    private static final int PATIENCE = 2;

    private final LinkRuntime runtime;
    private final WatchedQueues queues;
    private final LivenessProbe probe;
    private final long deviceLimitNanos;
    private final long limitNanos;
    private final Track[] tracks;
    /** Behind the queue that was found last: one that hangs again and again, because it waits for what another one holds, must not hide that one. */
    private int first;
    private long lookedAt;
    private volatile boolean restarted;

    private static final class Track {
        private WatchedQueues.Ring ring = new WatchedQueues.Ring(-1, 0, false);
        private boolean idle;
        private boolean inspected;
        private long remindAtNanos;
        private long progress;
        private long deviceSince;
        private long workOfAll;
        private long stalledNanos;
        private long inspectAtNanos;
    }

    /** @param limitNanos how long a queue may stand still; the link stretches it for slow devices */
    public HangWatch(LinkRuntime runtime, WatchedQueues queues, LivenessProbe probe, long limitNanos) {
        this.runtime = runtime;
        this.queues = queues;
        this.probe = probe;
        this.deviceLimitNanos = limitNanos;
        this.limitNanos = Math.clamp(runtime.scaled(limitNanos), STEPS, Long.MAX_VALUE / PATIENCE);
        this.tracks = new Track[queues.size()];
        for (int i = 0; i < tracks.length; i++) {
            tracks[i] = new Track();
        }
        this.lookedAt = runtime.nanos();
    }

    /** Looks once; the first queue that is hung, if any. */
    public Optional<Hang> look() {
        long now = runtime.nanos();
        long elapsed = Math.min(now - lookedAt, limitNanos / STEPS);
        lookedAt = now;
        if (restarted) {
            restarted = false;
            List.of(tracks).forEach(this::moved);
        }
        int begin = first;
        for (int i = 0; i < tracks.length; i++) {
            int queue = (begin + i) % tracks.length;
            WatchedQueues.Ring ring = queues.ring(queue);
            if (ring != null && hung(queue, tracks[queue], ring, elapsed)) {
                first = queue + 1;
                Track track = tracks[queue];
                return Optional.of(new Hang(queue, track.ring.holding(), track.ring.taken(), track.progress, track.stalledNanos));
            }
        }
        return Optional.empty();
    }

    /** Begins anew for every queue: something was done that may set them free. */
    public void restart() {
        restarted = true;
    }

    private boolean hung(int queue, Track track, WatchedQueues.Ring ring, long elapsed) {
        if (!ring.equals(track.ring)) {
            track.ring = ring;
            moved(track);
            return false;
        }
        if (track.idle) {
            return false;
        }
        track.stalledNanos += elapsed;
        remind(queue, track);
        if (track.stalledNanos < track.inspectAtNanos) {
            return false;
        }
        track.inspectAtNanos += limitNanos / INSPECTIONS;
        return inspect(queue, track);
    }

    /** The device may not have heard of the packet that it does not take: a doorbell is a posted write, and may be lost. */
    private void remind(int queue, Track track) {
        if (track.ring.offered() && track.stalledNanos >= track.remindAtNanos) {
            track.remindAtNanos *= 2; // the reminder may be lost as well
            queues.ringAgain(queue);
        }
    }

    private boolean inspect(int queue, Track track) {
        WatchedQueues.Look look = queues.look(queue);
        if (!look.owes(track.ring)) {
            track.idle = !look.works();
            moved(track, look);
            return false;
        }
        if (track.inspected && (look.movement() != track.progress || look.waitsForItsTurn() && othersMoved(track))) {
            moved(track, look);
            return false;
        }
        if (!track.inspected) {
            note(track, look);
        }
        long limit = look.waitsForItsTurn() ? PATIENCE * limitNanos : limitNanos;
        return track.stalledNanos >= limit && confirmed(queue, track);
    }

    private boolean othersMoved(Track track) {
        return workOfAll() != track.workOfAll;
    }

    private long workOfAll() {
        long sum = 0;
        for (int queue = 0; queue < tracks.length; queue++) {
            sum += queues.ring(queue) == null ? 0 : queues.look(queue).progress();
        }
        return sum;
    }

    private boolean confirmed(int queue, Track track) {
        boolean hung = probe.standsStill(queue, track.ring, track.progress, track.deviceSince, deviceLimitNanos / 2, limitNanos / STEPS);
        if (!hung) {
            moved(track);
        }
        lookedAt = runtime.nanos();
        return hung;
    }

    private void note(Track track, WatchedQueues.Look look) {
        track.inspected = true;
        track.progress = look.movement();
        track.deviceSince = probe.deviceTime();
        track.workOfAll = look.waitsForItsTurn() ? workOfAll() : 0;
    }

    private void moved(Track track, WatchedQueues.Look look) {
        track.stalledNanos = 0;
        track.inspectAtNanos = limitNanos / INSPECTIONS;
        note(track, look);
    }

    private void moved(Track track) {
        track.idle = false;
        track.inspected = false;
        track.remindAtNanos = limitNanos / REMIND_AFTER;
        track.stalledNanos = 0;
        track.inspectAtNanos = limitNanos / INSPECTIONS;
    }
}
