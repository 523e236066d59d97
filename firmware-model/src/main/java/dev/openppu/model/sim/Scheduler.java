package dev.openppu.model.sim;

import dev.openppu.hal.InterruptHold;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitInterruptedException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The simulation's order of things: device events and host threads, one at a time, by (time, seeded rank).
 *
 * <p>A host thread that reaches a scheduling point queues its own wake-up and dispatches: the earliest event runs inline; its own wake-up returns; another thread's
 * wake-up hands over the baton. Everything here belongs to the baton's holder.
 */
final class Scheduler {
    /** From the moment that a condition holds to the moment that its waiter runs: a wake-up on an idle host, roughly. */
    private static final long FASTEST_WAKE_NANOS = 100;
    private static final long SLOWEST_WAKE_NANOS = 3_000;
    private static final long AWAIT_NANOS = 30;

    private final EventQueue events = new EventQueue();
    private final List<HostThread> threads = new CopyOnWriteArrayList<>();
    private final List<Thread> workers = new CopyOnWriteArrayList<>();
    private final Baton baton = new Baton(threads);
    private final Chance chance;
    private Trace trace = Trace.off();

    private long now;
    private long sequence;
    private int waiting;
    private int adopted;
    private int begun;
    private boolean dispatching;
    private @Nullable HostThread soonest;
    private @Nullable HostThread lastRun;
    private volatile @Nullable Throwable deviceFailure;

    Scheduler(Chance chance) {
        this.chance = chance;
    }

    void trace(Trace to) {
        trace = to;
    }

    long now() {
        return now;
    }

    boolean dispatching() {
        return dispatching;
    }

    /** Threads begun here that have not ended. */
    List<Thread> workers() {
        return List.copyOf(workers);
    }

    // ---------------------------------------------------------------- events

    void after(long nanos, String what, Runnable event) {
        if (deviceFailure == null) {
            long due = now + Math.max(0, nanos);
            events.add(due < 0 ? Long.MAX_VALUE : due, nextRank(), what, event);
        }
    }

    private long nextRank() {
        sequence++;
        return (chance.bits() & 0x7fff_ffff_0000_0000L) | (sequence & 0xffff_ffffL);
    }

    private void runFirstEvent() {
        now = events.firstTime();
        String label = events.firstLabel();
        Runnable event = events.removeFirst();
        if (trace.on()) {
            trace.record("sim", "event", label);
        }
        try {
            event.run();
        } catch (RuntimeException | Error e) {
            deviceFailed(label, e);
        }
    }

    private void deviceFailed(String label, Throwable cause) {
        deviceFailure = new IllegalStateException("device event '" + label + "' failed at " + now + " ns: " + cause + place(cause), cause);
        events.clear();
        failWaiters(this::deviceFailureSeen);
    }

    /** Where in the device's code. */
    private static String place(Throwable cause) {
        return Stream.of(cause.getStackTrace()).filter(frame -> frame.getClassName().startsWith("dev.openppu.")).findFirst()
                .map(frame -> " (at %s.%s, %s:%d)".formatted(frame.getClassName(), frame.getMethodName(), frame.getFileName(),
                        frame.getLineNumber()))
                .orElse("");
    }

    private LinkException deviceFailureSeen() {
        return new LinkException(failure().orElseThrow(), Objects.requireNonNull(deviceFailure));
    }

    /** What failed, a clause; empty while nothing has. */
    Optional<String> failure() {
        return Optional.ofNullable(deviceFailure).map(cause -> "the device model has failed: " + cause.getMessage());
    }

    // ---------------------------------------------------------------- what host threads do

    /** The calling thread, holding the baton; adopted if it is new here. */
    HostThread enter() {
        HostThread self = turn();
        if (deviceFailure != null && !dispatching) {
            throw deviceFailureSeen();
        }
        return self;
    }

    /** The same, of a device that may have failed. */
    HostThread turn() {
        HostThread self = baton.held();
        if (self == null) {
            self = adopt();
        }
        if (baton.closed()) {
            throw closedException();
        }
        return self;
    }

    /** A look at the clock, which takes time; that of a device that has failed goes on, for who waits until a time. */
    void readClock(long nanos) {
        if (deviceFailure == null) {
            spend(nanos);
        } else {
            turn();
            now += nanos;
        }
    }

    private LinkException closedException() {
        String stuck = baton.stuck();
        return stuck == null ? new LinkException("the link is closed") : new SimulationDeadlockException(stuck);
    }

    private HostThread adopt() {
        if (baton.closed()) {
            throw closedException();
        }
        HostThread self = new HostThread("", Thread.currentThread());
        if (baton.takeOrQueue(self)) {
            admit(self);
        } else {
            awaitTurn(self);
        }
        return self;
    }

    private void admit(HostThread newcomer) {
        newcomer.name = adopted == 0 ? "host" : "host+" + adopted;
        adopted++;
        threads.add(newcomer);
    }

    /** Lets {@code nanos}, give or take half, pass for the calling thread. */
    void spend(long nanos) {
        HostThread self = enter();
        if (dispatching) {
            throw new IllegalStateException("device code made a host access: device events must not wait");
        }
        long due = now + (nanos >> 1) + chance.below(nanos + 1);
        long rank = nextRank();
        if (waiting > 0) {
            lookAtConditions();
        }
        if (!baton.knocking() && !somethingComesBefore(due, rank)) {
            now = due;
            return;
        }
        schedule(self, due, rank);
        block(self);
        leave(self);
    }

    private boolean somethingComesBefore(long due, long rank) {
        HostThread next = soonest;
        return events.firstIsBefore(due, rank) || (next != null && EventQueue.before(next.wakeTime, next.wakeRank, due, rank));
    }

    /** @return whether the condition held */
    boolean await(BooleanSupplier condition, long deadline) {
        spend(AWAIT_NANOS);
        HostThread self = enter();
        boolean held = condition.getAsBoolean();
        while (!held && now < deadline && !InterruptHold.endsWait()) {
            self.condition = condition;
            self.wakeSeen = false;
            self.deadline = deadline;
            waiting++;
            if (deadline != LinkRuntime.NEVER) {
                schedule(self, deadline, nextRank());
            }
            try {
                block(self);
            } finally {
                if (self.condition != null) {
                    self.condition = null;
                    waiting--;
                }
            }
            leave(self);
            held = condition.getAsBoolean();
        }
        if (!held && InterruptHold.endsWait()) {
            throw new WaitInterruptedException(
                    "thread " + Thread.currentThread().getName() + " was interrupted while it waited for the device");
        }
        return held;
    }

    /** Gives back what happened to the thread while it was parked. */
    private void leave(HostThread self) {
        self.interruptExpected = false;
        if (self.interruptSwallowed) {
            self.interruptSwallowed = false;
            Thread.currentThread().interrupt();
        }
        RuntimeException failure = self.failure;
        if (failure != null) {
            self.failure = null;
            throw failure;
        }
        if (baton.closed()) {
            throw closedException();
        }
    }

    // ---------------------------------------------------------------- threads begun and ended

    /** Threads that were begun here and have not ended, by their names. */
    List<String> working() {
        turn();
        return threads.stream().filter(each -> each.begunHere).map(each -> each.name).toList();
    }

    HostThread begin(String name, Thread thread) {
        begun++;
        HostThread worker = new HostThread("host." + begun + ":" + name.replace(' ', '-'), thread);
        worker.begunHere = true;
        threads.add(worker);
        workers.removeIf(t -> t.getState() == Thread.State.TERMINATED);
        workers.add(thread);
        wakeSoon(worker);
        return worker;
    }

    /**
     * First thing a begun thread does.
     *
     * @return whether it may run
     */
    boolean firstRun(HostThread self) {
        awaitTurn(self);
        return !baton.closed();
    }

    /** Last thing a begun thread does. */
    void end(HostThread self) {
        self.ended = true;
        if (baton.closed()) {
            return;
        }
        unschedule(self);
        threads.remove(self);
        do {
            HostThread next = dispatch();
            if (next != null) {
                baton.give(next);
                return;
            }
        } while (!baton.free());
    }

    /** Wakes the thread from a wait that can be interrupted. */
    void interrupt(HostThread thread) {
        if (thread.condition != null) {
            wakeSoon(thread);
        }
    }

    void interruptWorker(HostThread worker) {
        worker.interruptExpected = true;
        interrupt(worker);
        worker.thread.interrupt();
    }

    void close() {
        baton.close();
    }

    boolean closed() {
        return baton.closed();
    }

    // ---------------------------------------------------------------- dispatch

    /** Called by the baton's holder: dispatches until it is the holder's turn again. */
    private void block(HostThread self) {
        while (!baton.closed()) {
            HostThread next = dispatch();
            if (next == null || next == self) {
                return;
            }
            baton.give(next);
            if (baton.await(self)) {
                return;
            }
            forgetDead();
        }
    }

    /** Called by a thread without the baton. */
    private void awaitTurn(HostThread self) {
        if (!baton.await(self)) {
            forgetDead();
            block(self);
        }
    }

    private void forgetDead() {
        threads.removeIf(t -> t.thread.getState() == Thread.State.TERMINATED);
    }

    private @Nullable HostThread dispatch() {
        dispatching = true;
        try {
            return nextThread();
        } finally {
            dispatching = false;
        }
    }

    /** Runs events until a host thread is next; null if there is no thread left. */
    private @Nullable HostThread nextThread() {
        for (;;) {
            if (baton.knocking()) {
                serveKnocking();
            }
            if (waiting > 0) {
                lookAtConditions();
            }
            HostThread next = soonest;
            if (next == null ? waiting > 0 && !events.isEmpty() : events.firstIsBefore(next.wakeTime, next.wakeRank)) {
                runFirstEvent();
            } else if (next != null) {
                now = Math.max(now, next.wakeTime);
                unschedule(next);
                noteSwitch(next);
                return next;
            } else if (waiting == 0) {
                return null;
            } else {
                declareDeadlock();
            }
        }
    }

    private void noteSwitch(HostThread next) {
        if (next != lastRun) {
            lastRun = next;
            if (trace.on()) {
                trace.record("sim", "run", next.name);
            }
        }
    }

    private void serveKnocking() {
        for (HostThread t = baton.nextNewcomer(); t != null; t = baton.nextNewcomer()) {
            admit(t);
            wakeSoon(t);
        }
        for (HostThread t = baton.nextInterrupted(); t != null; t = baton.nextInterrupted()) {
            interrupt(t);
        }
    }

    private void lookAtConditions() {
        boolean nested = dispatching;
        dispatching = true;
        for (int i = 0; i < threads.size(); i++) {
            HostThread t = threads.get(i);
            BooleanSupplier condition = t.condition;
            if (condition != null && !t.wakeSeen && holds(t, condition)) {
                t.wakeSeen = true;
                wakeSoon(t);
            }
        }
        dispatching = nested;
    }

    private static boolean holds(HostThread waiter, BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (RuntimeException e) {
            waiter.failure = e;
            return true;
        }
    }

    private void wakeSoon(HostThread thread) {
        long due = now + chance.between(FASTEST_WAKE_NANOS, SLOWEST_WAKE_NANOS);
        long rank = nextRank();
        if (!thread.scheduled || EventQueue.before(due, rank, thread.wakeTime, thread.wakeRank)) {
            schedule(thread, due, rank);
        }
    }

    private void schedule(HostThread thread, long due, long rank) {
        thread.schedule(due, rank);
        findSoonest();
    }

    private void unschedule(HostThread thread) {
        thread.scheduled = false;
        findSoonest();
    }

    private void findSoonest() {
        HostThread best = null;
        for (int i = 0; i < threads.size(); i++) {
            HostThread t = threads.get(i);
            if (t.scheduled && (best == null || t.comesBefore(best))) {
                best = t;
            }
        }
        soonest = best;
    }

    private void declareDeadlock() {
        String waiters = threads.stream().filter(t -> t.condition != null).map(t -> t.name + " (" + t.thread.getName() + ")")
                .collect(Collectors.joining(", "));
        String message = "simulation deadlock at %d ns: the device has nothing left to do and %d host threads wait for ever: %s".formatted(
                now, waiting,
                waiters);
        if (trace.on()) {
            trace.record("sim", "deadlock",
                    threads.stream().filter(t -> t.condition != null).map(t -> t.name).collect(Collectors.joining(",")));
        }
        failWaiters(() -> new SimulationDeadlockException(message));
    }

    private void failWaiters(Supplier<RuntimeException> failure) {
        for (HostThread t : threads) {
            if (t.condition != null && !t.wakeSeen) {
                t.wakeSeen = true;
                t.failure = failure.get();
                wakeSoon(t);
            }
        }
    }
}
