package dev.openppu.driver.owner;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuContextRegs;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.driver.ClockCorrelation;
import dev.openppu.driver.ContextFault;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Failure;
import dev.openppu.driver.FirmwareLog;
import dev.openppu.driver.FirmwareSlots;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.Metric;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.UpdateListener;
import dev.openppu.driver.XidEvent;
import dev.openppu.driver.event.FaultEvent;
import dev.openppu.driver.owner.dump.DumpCollector;
import dev.openppu.driver.owner.dump.DumpStore;
import dev.openppu.driver.owner.hang.Hang;
import dev.openppu.driver.owner.hang.HangWatch;
import dev.openppu.driver.owner.hang.LivenessProbe;
import dev.openppu.driver.owner.recovery.RecoveryLadder;
import dev.openppu.driver.owner.recovery.Victims;
import dev.openppu.driver.sync.Waiting;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A device that was brought up, seen from the owner's side: contexts, their memory and queues, reports of the firmware, health, orderly shutdown. Made by
 * {@link BringUp}. Thread-safe.
 */
public final class DeviceOwner implements OwnerService, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DeviceOwner.class.getName());
    private static final long DISPATCH_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Longest that a thread of an epoch that ended may take to notice it. */
    private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** How long the firmware may take to report what a queue's registers say already. */
    private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Minor version of the host interface from which on queues tell their progress. */
    private static final int PROGRESS_MINOR = 1;
    private static final Level[] LEVELS = {Level.TRACE, Level.DEBUG, Level.WARNING, Level.ERROR};

    private final DeviceAccess device;
    private final PpuInfo info;
    private final Parts parts;
    private final ContextTable contexts;
    private final XidLog xids;
    private final Health health;
    private final InterruptDispatcher dispatcher;
    private final Waiting waiting;
    private final EpochGate gate;
    private final Epoch epoch;
    private final Retirement retirement;
    private final Optional<HangWatch> hangs;
    private final RecoveryLadder ladder;
    private final AtomicReference<@Nullable PpuException> lost = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean draining;

    /** What bring-up made, in its order. */
    record Parts(PinnedMemory pinned, MessageChannel messages, DeviceMemoryPort port, DeviceMemoryManager memory,
            TranslationCache translations,
            QueueManager queues) {}

    /**
     * What is the same for all of an epoch.
     *
     * @param number counts from 1
     * @param xids of all epochs
     */
    record Epoch(int number, PpuOptions options, XidLog xids, EpochListener listener) {}

    DeviceOwner(DeviceAccess device, PpuInfo info, Parts parts, FirmwareReports reports, Epoch epoch) {
        this.device = device;
        this.info = info;
        this.parts = parts;
        this.epoch = epoch;
        this.xids = epoch.xids;
        this.contexts = new ContextTable(device, info.contexts());
        this.health = new Health(device, parts.messages, parts.port, epoch.options.heartbeatWatch());
        this.retirement = new Retirement(device, parts.memory, info.capabilities().ecc());
        this.waiting = new Waiting(device.runtime());
        this.gate = new EpochGate(device.runtime());
        this.ladder = new RecoveryLadder(device, parts.queues, new Sufferers(), epoch.options.messageTimeout().toNanos());
        this.hangs = epoch.options.hangLimit().filter(limit -> info.abi().minor() >= PROGRESS_MINOR && info.capabilities().queues())
                .map(this::watch);
        this.dispatcher = new InterruptDispatcher(device, new Causes(), DISPATCH_PERIOD_NANOS);
        reports.connect(new Reports());
        dispatcher.start();
    }

    private HangWatch watch(Duration limit) {
        LivenessProbe probe = new LivenessProbe(device.runtime(), parts.queues, this::deviceTime,
                () -> parts.messages.command(MessageType.PING, 0));
        return new HangWatch(device.runtime(), parts.queues, probe, limit.toNanos());
    }

    /** For messages. */
    public String name() {
        return device.name();
    }

    public PpuInfo info() {
        return info;
    }

    public DeviceAccess device() {
        return device;
    }

    public MessageChannel messages() {
        return parts.messages;
    }

    public QueueManager queues() {
        return parts.queues;
    }

    public DeviceMemoryManager memory() {
        return parts.memory;
    }

    /** Device memory as the host reaches it. */
    public DeviceMemoryPort port() {
        return parts.port;
    }

    public XidLog xids() {
        return xids;
    }

    /** Device time in nanoseconds. */
    public long deviceTime() {
        return device.registers().timer().readNow();
    }

    /** One instant on the host's clock and on the device's. */
    public ClockCorrelation correlateClocks() {
        requireUsable();
        return ClockReader.correlate(device.runtime(), this::deviceTime);
    }

    /** Longest that a block may run, in cycles; 0 is no limit. */
    public void setWatchdogCycles(long cycles) {
        if (cycles < 0) {
            throw device.failure(HgResult.INVALID_VALUE, "watchdog", "a limit of " + cycles + " cycles", "give 0 for no limit, or more");
        }
        device.registers().compute().writeWatchdog(cycles);
        device.registers().compute().readWatchdog(); // flushes: the next kernel may begin without a doorbell
    }

    public boolean lost() {
        return lost.get() != null;
    }

    /** Why the device is lost, if it is. */
    public Optional<PpuException> lossReason() {
        return Optional.ofNullable(lost.get());
    }

    /** Which epoch this is, from 1. */
    public int epoch() {
        return epoch.number;
    }

    /** Of an epoch that ended only the host's side is left. */
    public Inventory inventory() {
        boolean ended = device.ended();
        return new Inventory(contexts.count(), ended ? 0 : parts.queues.count(), ended ? 0 : parts.memory.used(), parts.pinned.mappings(),
                parts.pinned.bytes());
    }

    /** Pages of device memory that are out of use. */
    int retiredPages() {
        return retirement.retired();
    }

    /** Pages that the device masks at the next reset only. */
    int pendingPages() {
        return retirement.pending();
    }

    /** Whether the device should be reset when its jobs have ended: memory failed again, or pages wait for it. */
    boolean needsRestart() {
        return retirement.asksForReset();
    }

    /** Contexts that are open. */
    public int openContexts() {
        return contexts.count();
    }

    /** While draining no new contexts are made; those that there are go on. */
    void drain(boolean drain) {
        draining = drain;
    }

    /** What there is to watch, as the device says it now. */
    public List<Metric> metrics() {
        requireUsable();
        return MetricReader.read(device.registers(), info, inventory(), parts.queues.taken());
    }

    // ---------------------------------------------------------------- contexts

    @Override
    public ContextGrant openContext() {
        return inEpoch(this::newContext);
    }

    private ContextGrant newContext() {
        if (draining) {
            throw device.failure(HgResult.DEVICE_UNAVAILABLE, "contexts",
                    "the device is draining: running jobs go on, new ones are not taken",
                    "use another device, or end the draining");
        }
        if (!info.capabilities().mmu()) {
            throw device.failure(HgResult.NOT_SUPPORTED, "contexts", "the device has no MMU", "use a device that has one");
        }
        int number = contexts.reserve();
        @Nullable
        AddressSpace made = null;
        try {
            AddressSpace space = new AddressSpace(device, number, parts.port, parts.memory, parts.pinned, parts.translations);
            made = space;
            device.registers().context(number).writeRoot(MmuContextRegs.Root.withValid(space.root(), true));
            ClientContext context = contexts.add(handle -> new ClientContext(handle, number, space));
            if (lost()) {
                context.lose(ContextStatus.DEVICE_LOST, null);
            }
            return new ContextGrant(context.handle(), number, context.status());
        } catch (RuntimeException e) {
            if (made != null) {
                made.close();
            }
            contexts.release(number);
            throw e;
        }
    }

    @Override
    public void closeContext(int context) {
        contexts.remove(context).ifPresent(client -> waiting.uninterrupted(() -> close(client)));
    }

    private void close(ClientContext client) {
        boolean failed = !client.alive();
        client.close();
        int number = client.number();
        onDevice(() -> {
            stopQueues(number, failed);
            device.registers().context(number).writeRoot(0);
            parts.translations.invalidate(number);
        });
        parts.queues.of(number).forEach(parts.queues::release);
        client.space().close();
        contexts.release(number);
        if (contexts.count() == 0) {
            onDevice(() -> {
                retirement.look();
                retirement.retire(parts.messages);
            });
        }
    }

    private void stopQueues(int number, boolean failed) {
        boolean busy = parts.queues.of(number).stream().anyMatch(q -> parts.queues.inspect(q).state() != QueueState.IDLE);
        if (busy || failed) {
            abandonWork(number);
        }
        parts.queues.of(number).forEach(this::stopStopped);
    }

    /** What the firmware cannot stop is reset: its queues, or the engines that hold them. */
    private void abandonWork(int number) {
        try {
            kill(number);
        } catch (PpuTimeoutException e) {
            health.requireRunning();
            resetQueuesOf(number);
        }
    }

    private void resetQueuesOf(int number) {
        for (int queue : parts.queues.of(number)) {
            RecoveryLadder.Outcome outcome = ladder.free(queue, "context " + number + " was closed and its work does not end");
            told(outcome, queue);
        }
    }

    private void stopStopped(int queue) {
        if (!parts.queues.stop(queue)) {
            told(ladder.free(queue, "queue %d does not stop".formatted(queue)), queue);
        }
    }

    private void kill(int number) {
        parts.messages.command(MessageType.KILL_CONTEXT, number);
    }

    @Override
    public Optional<ContextLoss> loss(int context) {
        return contexts.find(context).flatMap(ClientContext::loss);
    }

    /** Runs what needs the device and gives something back; throws if the epoch has ended. */
    private <T> T inEpoch(Supplier<T> work) {
        requireUsable();
        if (!gate.enter()) {
            device.requireCurrent();
            throw closedFailure();
        }
        try {
            return work.get();
        } finally {
            gate.leave();
        }
    }

    /** Runs the device's part of giving something back; nothing if the device is lost, which it is if that fails. */
    private void onDevice(Runnable work) {
        if (lost() || !gate.enter()) {
            return;
        }
        try {
            work.run();
        } catch (PpuException e) {
            lose(e);
        } finally {
            gate.leave();
        }
    }

    // ---------------------------------------------------------------- memory

    @Override
    public MemoryGrant allocateDevice(int context, long bytes, Access access) {
        return inEpoch(() -> new MemoryGrant(contexts.get(context).space().allocateDevice(bytes, access), bytes));
    }

    @Override
    public PinnedGrant allocatePinned(int context, long bytes, Access access) {
        AddressSpace.Pinned pinned = inEpoch(() -> contexts.get(context).space().allocatePinned(bytes, access));
        return new PinnedGrant(pinned.address(), bytes, pinned.memory().asSlice(0, bytes));
    }

    @Override
    public PinnedGrant registerHost(int context, MemorySegment memory, Access access) {
        requireUsable();
        AddressSpace.Pinned pinned = contexts.get(context).space().registerHost(memory, access);
        return new PinnedGrant(pinned.address(), memory.byteSize(), memory);
    }

    @Override
    public void free(int context, long address) {
        contexts.find(context).ifPresent(client -> waiting.uninterrupted(() -> {
            if (!lost() && gate.enter()) {
                try {
                    client.space().free(address);
                } catch (DeviceLostException | PpuTimeoutException e) {
                    lose(e);
                } finally {
                    gate.leave();
                }
            } else {
                client.space().forget(address);
            }
        }));
    }

    @Override
    public void upload(int context, long address, MemorySegment source) {
        inEpoch(() -> {
            contexts.get(context).space().upload(address, source);
            return address;
        });
    }

    // ---------------------------------------------------------------- queues

    @Override
    public QueueGrant openQueue(int context, QueueRequest request) {
        return inEpoch(() -> {
            QueueGrant grant = parts.queues.open(contexts.get(context).number(), request);
            if (contexts.find(context).isEmpty()) { // closed meanwhile by another thread, which may not have seen this queue
                parts.queues.release(grant.queue());
            }
            contexts.get(context);
            return grant;
        });
    }

    @Override
    public void closeQueue(int context, int queue) {
        contexts.find(context).filter(client -> parts.queues.holds(client.number(), queue))
                .ifPresent(client -> waiting.uninterrupted(() -> {
                    onDevice(() -> stop(client, queue));
                    parts.queues.release(queue);
                }));
    }

    private void stop(ClientContext client, int queue) {
        if (!parts.queues.stop(queue)) {
            client.lose(ContextStatus.LOST, null);
            abandonWork(client.number());
            stopStopped(queue);
        }
    }

    @Override
    public void queueFailed(int context, int queue) {
        ClientContext client = contexts.get(context);
        if (!parts.queues.holds(client.number(), queue) || lost()) {
            return;
        }
        onDevice(() -> {
            HardwareQueue hardware = parts.queues.inspect(queue);
            device.poll(() -> {
                parts.messages.poll();
                return !client.alive();
            }, device.runtime().deadline(REPORT_NANOS));
            client.lose(ContextStatus.LOST, hardware.failed() ? loss(client.number(), queue, hardware) : null);
            device.runtime().wake();
        });
    }

    private static ContextLoss loss(int context, int queue, HardwareQueue hardware) {
        return new ContextLoss(hardware.error() == QueueError.RESET ? LossRole.COLLATERAL : LossRole.CULPRIT,
                Optional.of(ResidentFault.of(context, queue, hardware)), Optional.empty());
    }

    // ---------------------------------------------------------------- what the device reports

    private final class Causes implements InterruptDispatcher.Handler {
        @Override
        public void serve(int causes) {
            parts.messages.poll();
            if (InterruptsRegs.Raw.ecc(causes)) {
                retirement.look();
            }
            if (InterruptsRegs.Raw.boot(causes) && !closed.get()) {
                health.requireRunning();
            }
            if (causes == 0 && !closed.get()) {
                health.check();
                parts.queues.lookAtInterrupts();
                hangs.flatMap(HangWatch::look).ifPresent(DeviceOwner.this::recover);
            }
        }

        @Override
        public void failed(RuntimeException why) {
            lose(why instanceof PpuException failure
                    ? failure
                    : device.nonsense("interrupt dispatcher", "it ended: " + why));
        }
    }

    private final class Reports implements MessageChannel.Listener {
        @Override
        public void xid(dev.openppu.abi.firmware.XidEvent event) {
            boolean known = event.context() < info.contexts();
            OptionalInt context = known ? OptionalInt.of(event.context()) : OptionalInt.empty();
            OptionalInt queue = event.queue() < info.queues() ? OptionalInt.of(event.queue()) : OptionalInt.empty();
            context.stream().boxed().flatMap(number -> contexts.byNumber(number).stream()).forEach(
                    client -> client.lose(ContextStatus.LOST,
                            new ContextLoss(LossRole.CULPRIT, Optional.of(fault(client.number(), queue, event)), Optional.empty())));
            LOG.log(Level.DEBUG,
                    () -> "%s: %s, %s, address 0x%x".formatted(device.name(),
                            Xid.of(event.xid()).map(Xid::toString).orElse("XID " + event.xid()),
                            context.isPresent() ? "context " + context.getAsInt() : "no context", event.address()));
            FaultEvent.record(device.name(), context.orElse(-1), queue.orElse(-1), event.xid(), name(event.xid()), event.address(),
                    event.pc(),
                    event.nanos());
            xids.add(new XidEvent(event.xid(), event.exception(), context, queue, event.address(), event.pc(), event.nanos()));
        }

        private static String name(int xid) {
            return Xid.of(xid).map(Xid::toString).orElse("unknown");
        }

        private static ContextFault fault(int context, OptionalInt queue, dev.openppu.abi.firmware.XidEvent event) {
            Optional<MmuReason> reason = Optional.ofNullable(MmuReason.of(event.reason())).filter(r -> r != MmuReason.NONE);
            return new ContextFault(context, queue, event.xid(), event.exception(),
                    Optional.ofNullable(Engine.of(event.engine())).filter(e -> e != Engine.NONE),
                    reason.isEmpty() ? Optional.empty() : Optional.ofNullable(MmuAccess.of(event.access())), reason, event.address(),
                    event.pc(),
                    event.nanos());
        }

        @Override
        public void log(int level, String text) {
            LOG.log(LEVELS[Math.clamp(level, 0, LEVELS.length - 1)], () -> device.name() + ": firmware: " + text);
        }
    }

    private final class Sufferers implements Victims {
        @Override
        public OptionalInt contextOf(int queue) {
            return parts.queues.contextOf(queue);
        }

        @Override
        public boolean lose(int context, LossRole role, Failure why) {
            boolean first = contexts.byNumber(context)
                    .map(client -> client.lose(ContextStatus.LOST, new ContextLoss(role, Optional.empty(), Optional.of(why))))
                    .orElse(false);
            device.runtime().wake();
            return first;
        }

        @Override
        public void kill(int context) {
            DeviceOwner.this.kill(context);
        }
    }

    // ---------------------------------------------------------------- recovery

    /** Frees the device of a queue that hangs; it is lost if neither the queue's nor the engine's reset does. */
    private void recover(Hang hang) {
        Optional<Path> dump = dump("queue %d hangs: %s".formatted(hang.queue(), hang));
        told(ladder.climb(hang), hang.queue(), dump);
    }

    private void told(RecoveryLadder.Outcome outcome, int queue) {
        told(outcome, queue, Optional.empty());
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
        epoch.listener.recovered(
                new RecoveryEvent(epoch.number, level, recovered, what, culprit, collateral, dump, device.runtime().nanos()));
    }

    /** Resets all queues in use, or all engines, on request. Not for the rungs that end an epoch. */
    Optional<String> resetWithin(ResetLevel level) {
        return inEpoch(() -> {
            Optional<String> failure = level == ResetLevel.QUEUE
                    ? ladder.resetQueues(parts.queues.held()).stream().findFirst()
                    : ladder.resetEngines(info.capabilities().copy(), info.capabilities().compute());
            hangs.ifPresent(HangWatch::restart);
            event(level, failure.isEmpty(), failure.orElse("on request"), OptionalInt.empty(), List.of(), Optional.empty());
            return failure;
        });
    }

    private Optional<Path> dump(String reason) {
        return epoch.options.dumpDirectory().flatMap(directory -> collector().store(new DumpStore(directory), reason));
    }

    /** What there is to see of the device, for a dump. */
    public DumpCollector collector() {
        return new DumpCollector(device, info, parts.port, parts.queues,
                new DumpCollector.State(epoch.number, this::describeContexts, xids::all, epoch.listener::recoveries));
    }

    private List<String> describeContexts() {
        return contexts.all().stream()
                .map(c -> "context %d: %s, %,d bytes in %d allocations, queues %s%s".formatted(c.number(), c.alive() ? "alive" : "lost",
                        c.space().bytes(),
                        c.space().count(), parts.queues.of(c.number()), c.loss().map(loss -> ", " + loss).orElse("")))
                .toList();
    }

    /** Whether another driver works with the device now. */
    boolean takenOver() {
        return health.takenOver();
    }

    /** What the flash holds. */
    public FirmwareSlots firmwareSlots() {
        requireFlash();
        return inEpoch(() -> FirmwareUpdate.slots(device));
    }

    /** Writes an image to the slot of the flash that is not active; which one that is. */
    public char updateFirmware(byte[] image, UpdateListener listener) {
        requireFlash();
        return inEpoch(() -> new FirmwareUpdate(device, parts.messages, parts.pinned).run(image, listener));
    }

    private void requireFlash() {
        if (!IdRegs.Capabilities.flash(device.checked(device.registers().id().readCapabilities()))) {
            throw device.failure(HgResult.NOT_SUPPORTED, "flash", "the device has no firmware slots in flash",
                    "use a device that has them");
        }
    }

    /** The firmware's rolling log. */
    public FirmwareLog firmwareLog() {
        return inEpoch(() -> FirmwareLogReader.read(device, parts.port));
    }

    /** The device is gone, or broke the contract: every waiter ends, nothing is sent to it any more. The first reason counts. */
    private void lose(PpuException why) {
        if (lost()) {
            return;
        }
        boolean recovering = !closed.get() && epoch.listener.losing(this); // before anybody hears of the loss: who then makes a context waits for the reset
        if (!lost.compareAndSet(null, why)) {
            recoverIf(recovering);
            return;
        }
        LOG.log(Level.WARNING, () -> device.name() + " is lost: " + why.getMessage());
        Xid xid = why.xid().orElse(Xid.KERNEL_DEVICE_LOST);
        device.end(why);
        FaultEvent.record(device.name(), -1, -1, xid.number(), xid.toString(), 0, 0, 0);
        xids.add(new XidEvent(xid.number(), DeviceException.NONE, OptionalInt.empty(), OptionalInt.empty(), 0, 0, 0));
        parts.messages.abandon(why);
        contexts.all().forEach(client -> client.lose(ContextStatus.DEVICE_LOST, null));
        device.runtime().wake();
        if (!closed.get() && xid != Xid.KERNEL_KILL_OVERTIME) { // a hang has had its dump
            dump(why.getMessage() == null ? "lost" : why.getMessage());
        }
        recoverIf(recovering);
    }

    private void recoverIf(boolean recovering) {
        if (recovering) {
            epoch.listener.recover(this);
        }
    }

    private void requireUsable() {
        PpuException why = lost.get();
        if (why != null) {
            throw why;
        }
        if (closed.get()) {
            throw closedFailure();
        }
    }

    private PpuException closedFailure() {
        return device.failure(HgResult.DEINITIALIZED, "device", "it is closed", "open it again");
    }

    // ---------------------------------------------------------------- end

    /**
     * Takes all contexts back, tells the firmware to shut down and takes its rings away, in this order. A device that is lost is only let go. Idempotent.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            waiting.uninterrupted(this::shutDown);
        }
    }

    /** Takes all contexts back and lets go of the device with its firmware running, so that the next driver can go on with it. */
    void detach() {
        if (closed.compareAndSet(false, true)) {
            waiting.uninterrupted(() -> {
                contexts.all().forEach(client -> closeContext(client.handle()));
                dispatcher.close();
                parts.messages.close();
                onDevice(() -> new AttachRecord(device).detached());
            });
        }
    }

    private void shutDown() {
        contexts.all().forEach(client -> closeContext(client.handle()));
        onDevice(() -> {
            parts.messages.command(MessageType.SHUTDOWN);
            FirmwareBoot boot = new FirmwareBoot(device, parts.port, parts.pinned, epoch.options.bootTimeout().toNanos(), state -> {});
            device.poll(() -> boot.state() == BootState.HALTED, device.runtime().deadline(epoch.options.bootTimeout().toNanos()));
        });
        dispatcher.close();
        parts.messages.close();
    }

    /**
     * Ends the epoch before a reset: when it returns, no thread works on the device through this object any more and none will.
     *
     * @return whether all threads have left
     */
    boolean end(PpuException why) {
        if (lost.compareAndSet(null, why)) {
            device.end(why);
            parts.messages.abandon(why);
            contexts.all().forEach(client -> client.lose(ContextStatus.DEVICE_LOST, null));
            device.runtime().wake();
        }
        dispatcher.close();
        return gate.close(device.runtime().deadline(LEAVE_NANOS));
    }

    /** After the reset that ended the epoch: gives back what only the device's end of it had held. */
    void letGo() {
        waiting.uninterruptibly(() -> !parts.queues.ringing(), device.runtime().deadline(LEAVE_NANOS));
        parts.messages.close();
    }

    /** Tells the contexts of an epoch that ended what became of them. */
    void tellContexts(int next, String how) {
        contexts.all().forEach(client -> client.epochEnded(new ContextLoss(LossRole.COLLATERAL, Optional.empty(),
                Optional.of(Failure.of(HgResult.DEVICE_UNAVAILABLE, device.name(),
                        "context %d of epoch %d".formatted(client.number(), epoch.number),
                        "the device was reset (%s) and is in epoch %d now: everything of epoch %d is lost".formatted(how, next,
                                epoch.number),
                        "close this context and run the job again in a new one")))));
        device.runtime().wake();
    }
}
