package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.RecoveryAction;
import dev.openppu.abi.error.Remedy;
import dev.openppu.abi.error.Xid;
import dev.openppu.driver.DeviceHealth;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.DeviceState;
import dev.openppu.driver.Failure;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.ResetReport;
import dev.openppu.driver.event.ResetEvent;
import dev.openppu.driver.owner.recovery.FunctionReset;
import dev.openppu.driver.owner.recovery.ResetBudget;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.driver.sync.Waiting;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A device over its resets. Each reset that loses everything ends an epoch and, if the device comes back, begins the next one, with a {@link DeviceOwner} of its own: what was made in the old one keeps
 * that one and fails cleanly. Thread-safe.
 */
public final class DeviceEpochs implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DeviceEpochs.class.getName());
    /** Of each rung that resets the function, in one climb. */
    private static final int ATTEMPTS = 2;
    private static final int EVENTS_KEPT = 256;

    private final DeviceLink link;
    private final LinkRuntime runtime;
    private final PpuOptions options;
    private final PciFunction function;
    private final XidLog xids;
    private final LinkLock lock;
    private final Waiting waiting;
    private final List<DeviceOwner> ended = new CopyOnWriteArrayList<>();
    private final ArrayDeque<RecoveryEvent> events = new ArrayDeque<>();
    private final ResetBudget automatic;
    private final EpochListener listener = new Listener();
    private volatile DeviceOwner current;
    private final AtomicReference<DeviceState> state = new AtomicReference<>(DeviceState.UP);
    private volatile @Nullable PpuException failure;
    private volatile boolean draining;

    private DeviceEpochs(DeviceLink link, PpuOptions options) {
        this.link = link;
        this.runtime = link.runtime();
        this.options = options;
        this.function = BringUp.function(link);
        this.xids = new XidLog(runtime);
        this.lock = new LinkLock(runtime);
        this.waiting = new Waiting(runtime);
        this.automatic = new ResetBudget(runtime);
        this.current = BringUp.of(link, options, function, new DeviceOwner.Epoch(1, options, xids, listener));
    }

    /** Brings the device up for the first time. */
    public static DeviceEpochs open(DeviceLink link, PpuOptions options) {
        DeviceEpochs epochs = new DeviceEpochs(link, options);
        epochs.current.lossReason().ifPresent(why -> {
            try {
                epochs.close();
            } catch (RuntimeException e) { // a consequence
                why.addSuppressed(e);
            }
            throw why;
        });
        return epochs;
    }

    /** The present epoch, or the last one. */
    public DeviceOwner owner() {
        return current;
    }

    /** The present epoch for new work: waits for a reset that is under way, and throws if there is none. */
    public DeviceOwner usable() {
        if (state.get() == DeviceState.RESETTING) {
            runtime.await(() -> state.get() != DeviceState.RESETTING, LinkRuntime.NEVER);
        }
        requireOpen();
        PpuException why = failure;
        if (state.get() == DeviceState.DEAD && why != null) {
            throw why;
        }
        return current;
    }

    public XidLog xids() {
        return xids;
    }

    /** What was done about the device, oldest first; the last 256. */
    public List<RecoveryEvent> events() {
        synchronized (events) { // nothing inside waits
            return List.copyOf(events);
        }
    }

    /** Over all epochs. */
    public Inventory inventory() {
        Inventory sum = current.inventory();
        for (DeviceOwner old : ended) {
            Inventory part = old.inventory();
            sum = new Inventory(sum.contexts() + part.contexts(), sum.queues(), sum.deviceBytes(),
                    sum.pinnedMappings() + part.pinnedMappings(),
                    sum.pinnedBytes() + part.pinnedBytes());
        }
        forgetEmpty();
        return sum;
    }

    /** Epochs of which nobody holds anything any more. */
    private void forgetEmpty() {
        ended.removeIf(old -> old.inventory().empty());
    }

    public DeviceHealth health() {
        DeviceState stated = Objects.requireNonNull(state.get()); // before the owner: of two epochs the older is lost, and the state the newer's
        DeviceOwner owner = current;
        DeviceState now = stated == DeviceState.UP && owner.lost() ? DeviceState.LOST : stated;
        return new DeviceHealth(now, owner.epoch(), draining, action(now, owner), xids.count(Remedy.DEVICE_RESET),
                xids.count(Remedy.OS_REBOOT),
                xids.count(Remedy.POWER_CYCLE), owner.retiredPages(), owner.pendingPages(),
                Optional.ofNullable(failure).or(owner::lossReason));
    }

    private RecoveryAction action(DeviceState now, DeviceOwner owner) {
        return switch (now) {
            case DEAD -> RecoveryAction.NODE_REBOOT;
            case LOST -> link.resets().contains(FunctionReset.KIND) ? RecoveryAction.GPU_RESET : RecoveryAction.GPU_RESET_BUS;
            case UP -> owner.needsRestart() ? RecoveryAction.DRAIN_AND_RESET : xids.action();
            case RESETTING, CLOSED -> RecoveryAction.NONE;
        };
    }

    /** No new contexts from now on; those that there are go on. Lasts over resets. */
    public synchronized void drain(boolean drain) { // nothing inside waits
        draining = drain;
        current.drain(drain);
    }

    private synchronized void succeed(DeviceOwner fresh) {
        fresh.drain(draining);
        current = fresh;
    }

    /**
     * Resets the device, or parts of it, and climbs on to the next rung if that does not help.
     *
     * @throws PpuException if the device is closed; a reset that failed is in the report
     */
    public ResetReport reset(ResetLevel level) {
        List<ResetReport.Attempt> attempts = new ArrayList<>();
        waiting.uninterrupted(() -> {
            lock.lock();
            try {
                requireOpen();
                if (level.endsEpoch() || !within(level, attempts)) {
                    nextEpoch(level == ResetLevel.BUS ? ResetLevel.BUS : ResetLevel.FUNCTION, "asked for", attempts);
                }
            } finally {
                lock.unlock();
                runtime.wake();
            }
        });
        return new ResetReport(level, attempts, current.epoch());
    }

    private boolean within(ResetLevel level, List<ResetReport.Attempt> attempts) {
        long begin = runtime.nanos();
        try {
            Optional<String> why = current.resetWithin(level);
            attempts.add(new ResetReport.Attempt(level, why.isEmpty(), why.orElse("done"), runtime.nanos() - begin));
            return why.isEmpty();
        } catch (PpuException e) {
            attempts.add(new ResetReport.Attempt(level, false, message(e), runtime.nanos() - begin));
            return false;
        }
    }

    /** Ends the epoch and climbs; whatever goes wrong, nobody waits for a device that is being reset for ever. */
    private void nextEpoch(ResetLevel first, String why, List<ResetReport.Attempt> attempts) {
        state.set(DeviceState.RESETTING);
        try {
            climb(first, why, attempts);
        } finally {
            if (state.get() == DeviceState.RESETTING) {
                died("the reset was broken off");
            }
        }
    }

    /** From {@code first} until the device is up again or no rung is left. */
    private void climb(ResetLevel first, String why, List<ResetReport.Attempt> attempts) {
        DeviceOwner old = current;
        Optional<PpuException> cause = old.lossReason();
        int next = old.epoch() + 1;
        if (!old.end(resetting(old, why))) {
            String stays = "a thread is still at work in epoch " + old.epoch();
            attempts.add(new ResetReport.Attempt(first, false, stays, 0));
            died(stays);
            record(first, false, stays + ": the device was not reset", List.of());
            return;
        }
        for (ResetLevel level = first; level != null; level = level == ResetLevel.FUNCTION ? ResetLevel.BUS : null) {
            FunctionReset rung = new FunctionReset(function, level);
            for (int i = 0; i < ATTEMPTS && link.resets().contains(rung.kind()); i++) {
                ResetEvent event = ResetEvent.begin(old.name(), -1, -1, level.title(), why);
                boolean up = attempt(rung, old, next, attempts);
                event.finished(up);
                if (up) {
                    record(level, true, cause.map(PpuException::getMessage).orElse(why) + "; " + level.title() + ", epoch " + next,
                            old.bereft());
                    return;
                }
            }
        }
        died(attempts.isEmpty() ? "the link can reset nothing" : attempts.getLast().what());
        record(ResetLevel.BUS, false, "no reset brought the device back: " + attempts.stream().map(ResetReport.Attempt::what).toList(),
                old.bereft());
    }

    private boolean attempt(FunctionReset rung, DeviceOwner old, int next, List<ResetReport.Attempt> attempts) {
        long begin = runtime.nanos();
        String what;
        try {
            rung.perform();
            old.letGo();
            DeviceOwner fresh = BringUp.again(link, options, function, new DeviceOwner.Epoch(next, options, xids, listener));
            succeed(fresh);
            Optional<PpuException> lostAgain = fresh.lossReason();
            if (lostAgain.isEmpty()) {
                forgetEmpty();
                ended.add(old);
                old.tellContexts(next, rung.level().title());
                xids.epoch();
                failure = null;
                state.set(DeviceState.UP);
                if (fresh.lost() && listener.losing(fresh)) { // it was lost before anybody listened
                    listener.recover(fresh);
                }
                attempts.add(new ResetReport.Attempt(rung.level(), true, "the device is up again, epoch " + next, runtime.nanos() - begin));
                return true;
            }
            fresh.close();
            current = old;
            what = message(lostAgain.get());
        } catch (RuntimeException e) { // of whatever kind: the next rung may help
            what = message(e);
        }
        attempts.add(new ResetReport.Attempt(rung.level(), false, what, runtime.nanos() - begin));
        return false;
    }

    private void died(String why) {
        try {
            current.letGo();
        } finally { // also where the link has gone
            failure = new DeviceLostException(Failure.of(HgResult.DEVICE_UNAVAILABLE, current.name(), "device",
                    "the device is dead: no reset brought it back (" + why + ")", "power the host off and on")
                    .with(Xid.KERNEL_DEVICE_LOST));
            state.set(DeviceState.DEAD);
        }
    }

    private static PpuException resetting(DeviceOwner old, String why) {
        return new DeviceLostException(Failure.of(HgResult.DEVICE_UNAVAILABLE, old.name(), "epoch " + old.epoch(),
                "the device is being reset (" + why + "): everything of this epoch is lost", "make a new context"));
    }

    private void record(ResetLevel level, boolean recovered, String what, List<Integer> collateral) {
        listener.recovered(new RecoveryEvent(current.epoch(), level, recovered, what, OptionalInt.empty(), collateral, Optional.empty(),
                runtime.nanos()));
    }

    private static String message(RuntimeException e) {
        return String.valueOf(e.getMessage());
    }

    private void requireOpen() {
        if (state.get() == DeviceState.CLOSED) {
            throw new PpuException(Failure.of(HgResult.DEINITIALIZED, current.name(), "device", "it is closed", "open it again"));
        }
    }

    private final class Listener implements EpochListener {
        @Override
        public boolean losing(DeviceOwner owner) {
            return options.autoReset() && !owner.takenOver()
                    && automatic.spend(() -> state.compareAndSet(DeviceState.UP, DeviceState.RESETTING));
        }

        @Override
        public void recover(DeviceOwner owner) {
            runtime.start("ppu-recovery", () -> resetByItself(owner));
        }

        @Override
        public List<RecoveryEvent> recoveries() {
            return events();
        }

        @Override
        public void recovered(RecoveryEvent event) {
            synchronized (events) { // nothing inside waits
                if (events.size() == EVENTS_KEPT) {
                    events.remove();
                }
                events.add(event);
            }
            runtime.wake();
        }
    }

    private void resetByItself(DeviceOwner owner) {
        lock.lock();
        try {
            if (state.get() != DeviceState.CLOSED && current == owner && owner.lost()) {
                nextEpoch(ResetLevel.FUNCTION, "it was lost", new ArrayList<>());
            } else { // somebody was faster
                automatic.giveBack();
            }
        } finally {
            lock.unlock();
            runtime.wake();
        }
    }

    /** Closes all epochs and takes the function off the bus. Idempotent. */
    @Override
    public void close() {
        end(DeviceOwner::close);
    }

    /** As {@link #close}, but the firmware keeps running and the device is marked clean for the next driver. */
    public void detach() {
        end(DeviceOwner::detach);
    }

    private void end(Consumer<DeviceOwner> farewell) {
        waiting.uninterrupted(() -> {
            lock.lock(); // a reset under way ends first
            try {
                if (state.getAndSet(DeviceState.CLOSED) != DeviceState.CLOSED) {
                    leave(farewell);
                }
            } finally {
                lock.unlock();
                runtime.wake();
            }
        });
    }

    private void leave(Consumer<DeviceOwner> farewell) {
        try {
            ended.forEach(DeviceOwner::close);
            farewell.accept(current);
        } finally {
            if (!current.takenOver()) { // else it is another driver's now
                takeOffTheBus();
            }
        }
    }

    private void takeOffTheBus() {
        if (current.lost()) { // perhaps by a reset behind this driver's back: the next one finds the function as enumeration left it
            tried(function::restore);
        }
        tried(link.interrupts()::disable);
        tried(function::disableBusMaster);
    }

    private void tried(Runnable step) {
        try {
            step.run();
        } catch (LinkException e) {
            LOG.log(Level.DEBUG, () -> current.name() + " is gone with its link: " + e.getMessage());
        }
    }
}
