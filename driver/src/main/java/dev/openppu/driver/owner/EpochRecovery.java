package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Failure;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.owner.OwnerService.ContextLoss;
import dev.openppu.driver.owner.dump.DumpCollector;
import dev.openppu.driver.owner.dump.DumpStore;
import dev.openppu.driver.owner.hang.Hang;
import dev.openppu.driver.owner.hang.HangWatch;
import dev.openppu.driver.owner.hang.LivenessProbe;
import dev.openppu.driver.owner.recovery.RecoveryLadder;
import dev.openppu.driver.owner.recovery.Victims;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.driver.sync.Nanos;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What is done about hangs while an epoch lasts: watching for them, the rungs of the ladder below a reset of the function, who suffers by them, dumps. Thread-safe.
 *
 * <p>Where neither a queue's nor an engine's reset helps it throws {@link DeviceLostException}: what follows ends the epoch and is not for here.
 */
final class EpochRecovery {
    private static final System.Logger LOG = System.getLogger(EpochRecovery.class.getName());
    /** Minor version of the host interface from which on queues tell their progress. */
    private static final int PROGRESS_MINOR = 1;
    /** Of a context of which something hangs no answer comes before that is freed, which waits for this. */
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final DeviceAccess device;
    private final PpuInfo info;
    private final DeviceOwner.Parts parts;
    private final ContextTable contexts;
    private final Health health;
    private final DeviceOwner.Epoch epoch;
    private final BooleanSupplier closing;
    private final LinkLock resets;
    private final Optional<HangWatch> hangs;

    /** @param closing whether somebody closes the device: a dump does not hold that up */
    EpochRecovery(DeviceAccess device, PpuInfo info, DeviceOwner.Parts parts, ContextTable contexts, Health health,
            DeviceOwner.Epoch epoch, BooleanSupplier closing) {
        this.device = device;
        this.info = info;
        this.parts = parts;
        this.contexts = contexts;
        this.health = health;
        this.epoch = epoch;
        this.closing = closing;
        this.resets = new LinkLock(device.runtime());
        this.hangs = epoch.options().hangLimit().filter(limit -> info.abi().minor() >= PROGRESS_MINOR && info.capabilities().queues())
                .map(this::watch);
    }

    private HangWatch watch(Duration limit) {
        LivenessProbe probe = new LivenessProbe(device.runtime(), parts.queues(), () -> device.registers().timer().readNow(),
                () -> parts.messages().command(MessageType.PING, 0));
        return new HangWatch(device.runtime(), parts.queues(), probe, Nanos.of(limit));
    }

    /** Of one recovery. */
    private final class Sufferers implements Victims {
        private final Set<Integer> collateral = new TreeSet<>();

        @Override
        public OptionalInt contextOf(int queue) {
            return parts.queues().holders().contextOf(queue);
        }

        @Override
        public boolean lose(int context, LossRole role, Failure why) {
            boolean first = contexts.byNumber(context)
                    .map(client -> client.lose(ContextStatus.LOST, new ContextLoss(role, Optional.empty(), Optional.of(why))))
                    .orElse(false);
            if (first && role == LossRole.COLLATERAL) {
                collateral.add(context);
            }
            device.runtime().wake();
            return first;
        }

        @Override
        public boolean beginKill(int context) {
            try {
                return parts.messages().call(MOMENT_NANOS, MessageType.KILL_CONTEXT, context).status() == MessageStatus.OK;
            } catch (PpuException e) {
                return false;
            }
        }

        @Override
        public boolean kill(int context) {
            return EpochRecovery.this.kill(context);
        }
    }

    /**
     * Has the firmware stop everything of a context.
     *
     * @return {@code false} if it lives and did not come to that in time: it stops one context after the other, and one before this may hang
     * @throws DeviceLostException if it does not live
     */
    boolean kill(int context) {
        try {
            parts.messages().command(MessageType.KILL_CONTEXT, context);
            return true;
        } catch (PpuTimeoutException e) {
            health.requireRunning();
            return false;
        }
    }

    /** Looks for a queue that hangs, and frees the device of it. */
    void look() {
        hangs.flatMap(HangWatch::look).ifPresent(this::recover);
    }

    private void recover(Hang hang) {
        if (failedUnheard(hang.queue())) {
            return;
        }
        Optional<Path> dump = dump(String.format(Locale.ROOT, "queue %d hangs: %s", hang.queue(), hang));
        OptionalInt culprit = parts.queues().holders().contextOf(hang.queue());
        toldIfBroken(ResetLevel.QUEUE, culprit, dump, ladder -> ladder.climb(hang))
                .ifPresentOrElse(outcome -> told(outcome, hang.queue(), dump), () -> hangs.ifPresent(HangWatch::restart));
    }

    /** Whether it does not hang but has failed, and the message that was to tell of it was lost: its context learns it from here. */
    private boolean failedUnheard(int queue) {
        if (!parts.queues().guards().tryLock(queue)) {
            return false; // its context is being closed
        }
        try {
            HardwareQueue hardware = parts.queues().inspect(queue);
            if (!hardware.failed()) {
                return false;
            }
            parts.queues().giveUp(queue);
            parts.queues().holders().contextOf(queue).ifPresent(number -> contexts.byNumber(number)
                    .filter(client -> client.lose(ContextStatus.LOST, ResidentFault.loss(number, queue, hardware, parts.queues())))
                    .ifPresent(
                            client -> LOG.log(Level.WARNING, () -> "%s: queue %d of context %d has failed (%s), and no message told of it"
                                    .formatted(device.name(), queue, number, hardware.error()))));
            device.runtime().wake();
            return true;
        } finally {
            parts.queues().guards().unlock(queue);
        }
    }

    /** Frees the device of a queue that does not end. */
    void free(int queue, String why) {
        OptionalInt culprit = parts.queues().holders().contextOf(queue);
        told(toldIfBroken(ResetLevel.QUEUE, culprit, Optional.empty(), ladder -> ladder.free(queue, why)), queue, Optional.empty());
    }

    /** What costs contexts their work is told also where the device is lost amid it. */
    private <T> T toldIfBroken(ResetLevel level, OptionalInt culprit, Optional<Path> dump,
            Function<RecoveryLadder, T> recovery) {
        Sufferers sufferers = new Sufferers();
        try {
            return recovery
                    .apply(new RecoveryLadder(device, parts.queues(), sufferers, resets, Nanos.of(epoch.options().messageTimeout())));
        } catch (PpuException e) {
            event(level, false, "broken off: " + e.getMessage(), culprit, List.copyOf(sufferers.collateral), dump);
            throw e;
        }
    }

    private void told(RecoveryLadder.Outcome outcome, int queue, Optional<Path> dump) {
        LOG.log(Level.WARNING, () -> device.name() + ": " + outcome.what());
        event(outcome.level(), outcome.failure().isEmpty(), outcome.what(), outcome.culprit(), List.copyOf(outcome.collateral()), dump);
        hangs.ifPresent(HangWatch::restart);
        outcome.failure().ifPresent(why -> {
            throw new DeviceLostException(Failure.of(HgResult.DEVICE_UNAVAILABLE, device.name(), "queue " + queue, outcome.what(),
                    "reset the device").with(Xid.KERNEL_KILL_OVERTIME));
        });
    }

    private void event(ResetLevel level, boolean recovered, String what, OptionalInt culprit, List<Integer> collateral,
            Optional<Path> dump) {
        epoch.listener().recovered(
                new RecoveryEvent(epoch.number(), level, recovered, what, culprit, collateral, dump, device.runtime().nanos()));
    }

    /** Resets all queues in use, or all engines, on request; why not, if that failed. */
    Optional<String> reset(ResetLevel level) {
        RecoveryLadder.Outcome outcome = toldIfBroken(level, OptionalInt.empty(), Optional.empty(), ladder -> level == ResetLevel.QUEUE
                ? ladder.resetQueues(parts.queues().holders().held())
                : ladder.resetEngines(info.capabilities().copy(), info.capabilities().compute()));
        hangs.ifPresent(HangWatch::restart);
        Optional<String> failure = outcome.failure().or(this::silence);
        event(level, failure.isEmpty(), failure.orElse(outcome.what()), OptionalInt.empty(), List.copyOf(outcome.collateral()),
                Optional.empty());
        return failure;
    }

    /** Why the device does not work although its engines were reset; empty if its firmware answers. */
    private Optional<String> silence() {
        try {
            parts.messages().command(MessageType.PING, 0);
            return Optional.empty();
        } catch (PpuException e) {
            return Optional.of("the firmware does not answer: " + e.getMessage());
        }
    }

    /** Writes a dump where the options say; empty if they say nothing, or it could not be written. */
    Optional<Path> dump(String reason) {
        return epoch.options().dumpDirectory().flatMap(directory -> collector().store(new DumpStore(directory), reason));
    }

    /** What there is to see of the device, for a dump. */
    DumpCollector collector() {
        return new DumpCollector(device, info, parts.port(), parts.queues(),
                new DumpCollector.State(epoch.number(), closing, this::describeContexts, epoch.xids()::all, epoch.listener()::recoveries));
    }

    private List<String> describeContexts() {
        return contexts.all().stream()
                .map(c -> String.format(Locale.ROOT, "context %d: %s, %,d bytes in %d allocations, queues %s%s", c.number(),
                        c.alive() ? "alive" : "lost", c.space().bytes(), c.space().count(), parts.queues().holders().ofContext(c.number()),
                        c.loss().map(loss -> ", " + loss).orElse("")))
                .toList();
    }
}
