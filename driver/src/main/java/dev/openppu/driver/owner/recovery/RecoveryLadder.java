package dev.openppu.driver.owner.recovery;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.driver.Failure;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.event.ResetEvent;
import dev.openppu.driver.owner.DeviceAccess;
import dev.openppu.driver.owner.HardwareQueue;
import dev.openppu.driver.owner.QueueManager;
import dev.openppu.driver.owner.hang.Hang;
import dev.openppu.driver.owner.hang.WatchedQueues;
import dev.openppu.driver.sync.LinkLock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * The rungs that leave the rest of the device alone: a hung queue is reset; if its engine does not let go, the engine. The culprit's context is lost in any case; contexts that lost work by the reset of
 * an engine are collateral; others go on.
 */
public final class RecoveryLadder {
    private static final String ASKED_FOR = "it was asked for";
    private static final int NO_QUEUE = -1;

    private final DeviceAccess device;
    private final QueueManager queues;
    private final Victims victims;
    private final QueueReset queueReset;
    private final EngineReset engineReset;
    /** One at a time resets anything; taken after the guard of the queue. */
    private final LinkLock lock;

    /**
     * How it went.
     *
     * @param level the last rung tried
     * @param failure why the device needs more than that; empty if it goes on
     */
    public record Outcome(ResetLevel level, Optional<String> failure, String what, OptionalInt culprit, Set<Integer> collateral) {
        /** And what had to be done besides. */
        private Outcome and(Outcome more) {
            Set<Integer> all = new TreeSet<>(collateral);
            all.addAll(more.collateral);
            return new Outcome(level.compareTo(more.level) < 0 ? more.level : level, more.failure, what + "; " + more.what, culprit, all);
        }
    }

    /**
     * For one recovery.
     *
     * @param lock the device's, for all of its recoveries
     * @param timeoutNanos longest that a reset may take; the link stretches it
     */
    public RecoveryLadder(DeviceAccess device, QueueManager queues, Victims victims, LinkLock lock, long timeoutNanos) {
        this.device = device;
        this.queues = queues;
        this.victims = victims;
        this.queueReset = new QueueReset(device, timeoutNanos);
        this.engineReset = new EngineReset(device, timeoutNanos);
        this.lock = lock;
    }

    /** Frees the device of what hangs on a queue; its context is the culprit. Empty if the queue was given back meanwhile. */
    public Optional<Outcome> climb(Hang hang) {
        queues.guards().lock(hang.queue());
        try {
            WatchedQueues.Ring ring = queues.ring(hang.queue());
            return ring == null || ring.holding() != hang.holding() ? Optional.empty() : Optional.of(climbGuarded(hang));
        } finally {
            queues.guards().unlock(hang.queue());
        }
    }

    private Outcome climbGuarded(Hang hang) {
        OptionalInt culprit = victims.contextOf(hang.queue());
        String what = String.format(Locale.ROOT, "queue %d stood still for %.1f s at packet %d", hang.queue(), hang.stalledNanos() / 1e9,
                hang.taken());
        Set<EngineReset.Unit> units = engineReset.holding(hang.queue());
        culprit.ifPresent(context -> {
            victims.lose(context, LossRole.CULPRIT, hung(context, what, units));
            stopOthers(context, hang.queue());
        });
        Outcome outcome = free(hang.queue(), what, units, culprit);
        Set<Integer> lost = new TreeSet<>(outcome.collateral());
        culprit.ifPresent(lost::add);
        return killAll(lost, hang.queue(), outcome);
    }

    /**
     * Has the firmware stop what is left of lost contexts; not under the lock, for whoever closes one of them frees queues of it as well.
     *
     * @param freed a queue whose guard the caller has
     */
    private Outcome killAll(Set<Integer> contexts, int freed, Outcome before) {
        Outcome all = before;
        Set<Integer> known = new TreeSet<>(contexts);
        Queue<Integer> left = new ArrayDeque<>(contexts);
        while (!left.isEmpty() && all.failure().isEmpty()) {
            all = kill(left.remove(), freed, all);
            all.collateral().stream().filter(known::add).forEach(left::add);
        }
        return all;
    }

    /**
     * An engine that hangs with work of the context's other queues would keep the firmware from ever answering: they are freed before. If another context keeps it from that, they are all freed, and that is
     * enough. Who is closing the context sees to the rest of it.
     */
    private Outcome kill(int context, int freed, Outcome before) {
        Rest busy = freeOthers(context, freed, before, queue -> queues.look(queue).works(), "had work still");
        if (busy.closing || busy.outcome.failure().isPresent() || victims.kill(context)) {
            return busy.outcome;
        }
        return freeOthers(context, freed, busy.outcome, queue -> true, "was not stopped by the firmware").outcome;
    }

    /** @param closing whether somebody closes the context: some queues are left to him */
    private record Rest(Outcome outcome, boolean closing) {}

    private Rest freeOthers(int context, int freed, Outcome before, IntPredicate which, String why) {
        Outcome all = before;
        boolean closing = false;
        for (int queue : queues.holders().ofContext(context)) {
            if (queue == freed || all.failure().isPresent()) {
                continue;
            }
            if (!queues.guards().tryLock(queue)) {
                closing = true;
                continue;
            }
            try {
                if (which.test(queue)) {
                    all = all.and(free(queue, String.format(Locale.ROOT, "queue %d of context %d %s", queue, context, why),
                            engineReset.holding(queue),
                            OptionalInt.of(context)));
                }
            } finally {
                queues.guards().unlock(queue);
            }
        }
        return new Rest(all, closing);
    }

    /**
     * What waits in other queues for the work that a reset ends must not take its -1 for an end like any other. Nor may what waits for one of those: halted one after the other, each would let go on what waits for it in the next,
     * so that the firmware, which stops all at once, comes first. Whether everything of the context has ended.
     */
    private boolean stopOthers(int context, int queue) {
        boolean stopped = victims.beginKill(context);
        if (!stopped) {
            haltOthers(context, queue);
        }
        return stopped;
    }

    private void haltOthers(int context, int queue) {
        for (int other : queues.holders().ofContext(context)) {
            if (other != queue && queues.guards().tryLock(other)) { // otherwise it is being stopped
                try {
                    queues.halt(other);
                } finally {
                    queues.guards().unlock(other);
                }
            }
        }
    }

    /** Frees a queue of work that does not end and whose context is lost already; the caller has its guard. */
    public Outcome free(int queue, String what) {
        Outcome outcome = free(queue, what, engineReset.holding(queue), victims.contextOf(queue));
        return killAll(outcome.collateral(), queue, outcome);
    }

    private Outcome free(int queue, String what, Set<EngineReset.Unit> units, OptionalInt culprit) {
        lock.lock();
        try {
            return freeLocked(queue, what, units, culprit);
        } finally {
            lock.unlock();
        }
    }

    private Outcome freeLocked(int queue, String what, Set<EngineReset.Unit> units, OptionalInt culprit) {
        Optional<String> stuck = reset(queue, what);
        if (stuck.isEmpty()) {
            return new Outcome(ResetLevel.QUEUE, Optional.empty(), what + "; the reset of the queue set the device free", culprit,
                    Set.of());
        }
        String story = what + "; " + stuck.get();
        Optional<String> broken = reset(units, queue, what);
        Set<Integer> collateral = stoppedBy(what, culprit);
        if (broken.isEmpty()) {
            broken = reset(queue, what);
        }
        return new Outcome(ResetLevel.ENGINE, broken, story + "; " + broken.orElse("the reset of " + units + " set the device free"),
                culprit,
                collateral);
    }

    /** Resets queues on request; all contexts that hold them are collateral. */
    public Outcome resetQueues(List<Integer> numbers) {
        List<String> failures = new ArrayList<>();
        Set<Integer> collateral = new TreeSet<>();
        for (int queue : numbers) {
            queues.guards().lock(queue);
            try {
                victims.contextOf(queue).ifPresent(context -> {
                    collateral.add(context);
                    resetOnRequest(context, queue).ifPresent(failures::add);
                });
            } finally {
                queues.guards().unlock(queue);
            }
        }
        return new Outcome(ResetLevel.QUEUE, failures.stream().findFirst(), "on request", OptionalInt.empty(), collateral);
    }

    private Optional<String> resetOnRequest(int context, int queue) {
        victims.lose(context, LossRole.COLLATERAL, onRequest(context, "queue " + queue));
        boolean stopped = stopOthers(context, queue);
        lock.lock();
        try {
            Optional<String> failure = reset(queue, ASKED_FOR);
            if (!stopped) {
                victims.kill(context);
            }
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /** Resets all engines on request; contexts that lost work by it are collateral. */
    public Outcome resetEngines(boolean copy, boolean compute) {
        Set<EngineReset.Unit> units = EnumSet.noneOf(EngineReset.Unit.class);
        if (copy) {
            units.add(EngineReset.Unit.COPY0);
            units.add(EngineReset.Unit.COPY1);
        }
        if (compute) {
            units.add(EngineReset.Unit.COMPUTE);
        }
        Outcome outcome = resetOnRequest(units);
        return killAll(outcome.collateral(), NO_QUEUE, outcome);
    }

    private Outcome resetOnRequest(Set<EngineReset.Unit> units) {
        lock.lock();
        try {
            Optional<String> failure = reset(units, NO_QUEUE, ASKED_FOR);
            Set<Integer> collateral = stoppedBy("a reset of " + units + " was asked for", OptionalInt.empty());
            return new Outcome(ResetLevel.ENGINE, failure, "on request", OptionalInt.empty(), collateral);
        } finally {
            lock.unlock();
        }
    }

    private Optional<String> reset(int queue, String why) {
        ResetEvent event = ResetEvent.begin(device.name(), victims.contextOf(queue).orElse(-1), queue, ResetLevel.QUEUE.title(), why);
        queues.giveUp(queue);
        Optional<String> failure = queueReset.reset(queue);
        event.finished(failure.isEmpty());
        return failure;
    }

    /** @param queue for which it is done, {@link #NO_QUEUE} if for none */
    private Optional<String> reset(Set<EngineReset.Unit> units, int queue, String why) {
        ResetEvent event = ResetEvent.begin(device.name(), -1, queue, ResetLevel.ENGINE.title() + " of " + units, why);
        Optional<String> failure = engineReset.reset(units);
        event.finished(failure.isEmpty());
        return failure;
    }

    /** Contexts whose queues an engine reset has stopped, the culprit's left out; they are lost. */
    private Set<Integer> stoppedBy(String what, OptionalInt culprit) {
        Set<Integer> collateral = new TreeSet<>();
        for (int queue : queues.holders().held()) {
            if (queues.guards().tryLock(queue)) { // otherwise its context is being closed
                try {
                    victims.contextOf(queue).stream().filter(context -> culprit.stream().noneMatch(c -> c == context) && stopped(queue))
                            .filter(context -> victims.lose(context, LossRole.COLLATERAL, collateral(context, what)))
                            .forEach(collateral::add);
                } finally {
                    queues.guards().unlock(queue);
                }
            }
        }
        return collateral;
    }

    private boolean stopped(int queue) {
        HardwareQueue hardware = queues.inspect(queue);
        return hardware.failed() && hardware.error() == QueueError.RESET;
    }

    private Failure hung(int context, String what, Set<EngineReset.Unit> units) {
        boolean kernel = units.contains(EngineReset.Unit.COMPUTE);
        return new Failure(HgResult.LAUNCH_TIMEOUT, device.name(), "context " + context, "the context is lost: its work hung: " + what,
                "close this context and run the job again; if it hangs again, the job is at fault or the device needs a reset",
                Optional.of(kernel ? Xid.GD_FATAL_ERROR : Xid.CP_INVALID_COMMAND),
                kernel ? Optional.of(DeviceException.HARDWARE_HANG) : Optional.empty());
    }

    private Failure collateral(int context, String what) {
        return Failure.of(HgResult.LAUNCH_FAILED, device.name(), "context " + context,
                "the context lost work that ran on an engine that was reset, not by its own fault: " + what,
                "close this context and run the job again");
    }

    private Failure onRequest(int context, String object) {
        return Failure.of(HgResult.LAUNCH_FAILED, device.name(), "context " + context,
                "the context lost its work: a reset of " + object + " was asked for",
                "close this context and run the job again");
    }
}
