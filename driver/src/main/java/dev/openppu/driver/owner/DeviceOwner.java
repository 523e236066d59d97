package dev.openppu.driver.owner;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.driver.ClockCorrelation;
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
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.UpdateListener;
import dev.openppu.driver.XidEvent;
import dev.openppu.driver.event.FaultEvent;
import dev.openppu.driver.owner.dump.DumpCollector;
import dev.openppu.driver.sync.Nanos;
import dev.openppu.driver.sync.Waiting;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A device that was brought up, seen from the owner's side: contexts, their memory and queues, reports of the firmware, health, orderly shutdown. Made by
 * {@link BringUp}. Thread-safe.
 */
public final class DeviceOwner implements OwnerService, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DeviceOwner.class.getName());
    private static final long DISPATCH_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Longest that a thread of an epoch that ended may take to notice it. */
    private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private final DeviceAccess device;
    private final PpuInfo info;
    private final Parts parts;
    private final ContextTable contexts;
    private final XidLog xids;
    private final Health health;
    private final InterruptDispatcher dispatcher;
    private final Waiting waiting;
    private final EpochLife life;
    private final Epoch epoch;
    private final Retirement retirement;
    private final EpochRecovery recovery;
    private final ContextKeeper keeper;
    private final AtomicBoolean updating = new AtomicBoolean();
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
        this.life = new EpochLife(device, this::lose);
        this.recovery = new EpochRecovery(device, info, parts, contexts, health, epoch, life::closed);
        this.keeper = new ContextKeeper(device, info, parts, contexts, life, recovery, retirement);
        this.dispatcher = new InterruptDispatcher(device, new Causes(), DISPATCH_PERIOD_NANOS);
        reports.connect(new ReportedFaults(device.name(), info, contexts, xids));
        dispatcher.start();
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
        return life.during(() -> device.checked(device.registers().timer().readNow()));
    }

    /** One instant on the host's clock and on the device's. */
    public ClockCorrelation correlateClocks() {
        life.requireUsable();
        return ClockReader.correlate(device.runtime(), this::deviceTime);
    }

    /** Longest that a block may run, in cycles; 0 is no limit. */
    public void setWatchdogCycles(long cycles) {
        if (cycles < 0) {
            throw device.failure(HgResult.INVALID_VALUE, "watchdog", "a limit of " + cycles + " cycles", "give 0 for no limit, or more");
        }
        life.during(() -> {
            device.registers().compute().writeWatchdog(cycles);
            return device.checked(device.registers().compute().readWatchdog()); // flushes: the next kernel may begin without a doorbell
        });
    }

    public boolean lost() {
        return life.lost();
    }

    /** Why the device is lost, if it is. */
    public Optional<PpuException> lossReason() {
        return life.lossReason();
    }

    /** Which epoch this is, from 1. */
    public int epoch() {
        return epoch.number;
    }

    /** Of an epoch that ended only the host's side is left. */
    public Inventory inventory() {
        boolean ended = device.ended();
        return new Inventory(contexts.count(), ended ? 0 : parts.queues.holders().count(), ended ? 0 : parts.memory.used(),
                parts.pinned.mappings(),
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
        return life.during(() -> {
            List<Metric> metrics = MetricReader.read(device.registers(), info, inventory(), parts.queues.holders().held());
            device.requirePresent(); // else what was read means nothing
            return metrics;
        });
    }

    // ---------------------------------------------------------------- contexts

    @Override
    public ContextGrant openContext() {
        return life.during(() -> {
            requireNotDraining();
            ContextGrant grant = keeper.open();
            try {
                requireNotDraining(); // who has been told that the device is drained must not find a context on it
            } catch (PpuException e) {
                keeper.close(grant.context());
                throw e;
            }
            return grant;
        });
    }

    private void requireNotDraining() {
        if (draining) {
            throw device.failure(HgResult.DEVICE_UNAVAILABLE, "contexts",
                    "the device is draining: running jobs go on, new ones are not taken",
                    "use another device, or end the draining");
        }
    }

    @Override
    public void closeContext(int context) {
        keeper.close(context);
    }

    @Override
    public Optional<ContextLoss> loss(int context) {
        return contexts.find(context).flatMap(ClientContext::loss);
    }

    // ---------------------------------------------------------------- memory

    @Override
    public MemoryGrant allocateDevice(int context, long bytes, Access access) {
        return life.during(() -> new MemoryGrant(contexts.get(context).space().allocateDevice(bytes, access), bytes));
    }

    @Override
    public PinnedGrant allocatePinned(int context, long bytes, Access access) {
        AddressSpace.Pinned pinned = life.during(() -> contexts.get(context).space().allocatePinned(bytes, access));
        return new PinnedGrant(pinned.address(), bytes, pinned.memory().asSlice(0, bytes));
    }

    @Override
    public PinnedGrant registerHost(int context, MemorySegment memory, Access access) {
        AddressSpace.Pinned pinned = life.during(() -> contexts.get(context).space().registerHost(memory, access));
        return new PinnedGrant(pinned.address(), memory.byteSize(), memory);
    }

    @Override
    public void free(int context, long address) {
        contexts.find(context).ifPresent(client -> waiting.uninterrupted(() -> {
            if (!life.giveBack(() -> client.space().free(address), DeviceOwner::deviceIsToBlame)) {
                client.space().forget(address);
            }
        }));
    }

    /** Anything else is a client's mistake. */
    private static boolean deviceIsToBlame(PpuException failure) {
        return failure instanceof DeviceLostException || failure instanceof PpuTimeoutException;
    }

    @Override
    public void upload(int context, long address, MemorySegment source) {
        life.during(() -> {
            contexts.get(context).space().upload(address, source);
            return address;
        });
    }

    @Override
    public Holdings holdings(int context) {
        return contexts.find(context).map(client -> new Holdings(parts.queues.holders().ofContext(client.number()).size(),
                client.space().count(), client.space().bytes())).orElse(new Holdings(0, 0, 0));
    }

    // ---------------------------------------------------------------- queues

    @Override
    public QueueGrant openQueue(int context, QueueRequest request) {
        return life.during(() -> keeper.openQueue(context, request));
    }

    @Override
    public void countsCompletions(int context, int queue, MemorySegment count, long first) {
        keeper.countsCompletions(context, queue, count, first);
    }

    @Override
    public long packetsTaken(int context, int queue) {
        return lost() ? UNKNOWN : life.during(() -> keeper.packetsTaken(context, queue));
    }

    @Override
    public void closeQueue(int context, int queue) {
        keeper.closeQueue(context, queue);
    }

    @Override
    public void queueFailed(int context, int queue) {
        keeper.queueFailed(context, queue);
    }

    // ---------------------------------------------------------------- what the device reports

    private final class Causes implements InterruptDispatcher.Handler {
        @Override
        public void serve(int causes) {
            parts.messages.poll();
            if (InterruptsRegs.Raw.ecc(causes)) {
                retirement.look();
            }
            if (InterruptsRegs.Raw.boot(causes) && !life.closed()) {
                health.requireRunning();
            }
            if (causes == 0 && !life.closed()) {
                health.check();
                parts.queues.lookAtInterrupts();
                recovery.look();
            }
        }

        @Override
        public void failed(RuntimeException why) {
            lose(why instanceof PpuException failure
                    ? failure
                    : device.nonsense("interrupt dispatcher", "it ended: " + why));
        }
    }

    // ---------------------------------------------------------------- recovery

    /** Resets all queues in use, or all engines, on request. Not for the rungs that end an epoch. */
    Optional<String> resetWithin(ResetLevel level) {
        return life.during(() -> recovery.reset(level));
    }

    /** What there is to see of the device, for a dump. */
    public DumpCollector collector() {
        return recovery.collector();
    }

    /** Whether another driver works with the device now. */
    boolean takenOver() {
        return health.takenOver();
    }

    /** What the flash holds. */
    public FirmwareSlots firmwareSlots() {
        requireFlash();
        return life.during(() -> FirmwareUpdate.slots(device));
    }

    /** Writes an image to the slot of the flash that is not active; which one that is. */
    public char updateFirmware(byte[] image, UpdateListener listener) {
        requireFlash();
        return life.during(() -> {
            if (!updating.compareAndSet(false, true)) {
                throw device.failure(HgResult.ILLEGAL_STATE, "firmware update", "another one is under way", "wait until it has ended");
            }
            try {
                return new FirmwareUpdate(device, parts.messages, parts.pinned).run(image, listener);
            } finally {
                updating.set(false);
            }
        });
    }

    private void requireFlash() {
        if (!info.capabilities().flash()) {
            throw device.failure(HgResult.NOT_SUPPORTED, "flash", "the device has no firmware slots in flash",
                    "use a device that has them");
        }
    }

    /** The firmware's rolling log. */
    public FirmwareLog firmwareLog() {
        return life.during(() -> FirmwareLogReader.read(device, parts.port));
    }

    /** The device is gone, or broke the contract: every waiter ends, nothing is sent to it any more. The first reason counts. */
    private void lose(PpuException why) {
        if (lost()) {
            return;
        }
        boolean recovering = !life.closed() && epoch.listener.losing(this); // before anybody hears of the loss: who then makes a context waits for the reset
        if (!life.lose(why)) {
            recoverIf(recovering);
            return;
        }
        LOG.log(Level.WARNING, () -> device.name() + " is lost: " + why.getMessage());
        Xid xid = why.xid().orElse(Xid.KERNEL_DEVICE_LOST);
        device.end(why);
        FaultEvent.record(device.name(), -1, -1, xid.number(), xid.toString(), 0, 0, 0);
        xids.add(new XidEvent(xid.number(), DeviceException.NONE, OptionalInt.empty(), OptionalInt.empty(), 0, 0, 0));
        parts.messages.abandon(why);
        contexts.all().forEach(client -> client.deviceLost(why.failure()));
        device.runtime().wake();
        if (!life.closed() && xid != Xid.KERNEL_KILL_OVERTIME) { // a hang has had its dump
            recovery.dump(why.getMessage() == null ? "lost" : why.getMessage());
        }
        recoverIf(recovering);
    }

    private void recoverIf(boolean recovering) {
        if (recovering) {
            epoch.listener.recover(this);
        }
    }

    // ---------------------------------------------------------------- end

    /**
     * Takes all contexts back, tells the firmware to shut down and takes its rings away, in this order. A device that is lost is only let go. Idempotent.
     */
    @Override
    public void close() {
        if (life.close()) {
            waiting.uninterrupted(() -> leave(this::shutDownFirmware));
        }
    }

    /** Takes all contexts back and lets go of the device with its firmware running, so that the next driver can go on with it. */
    void detach() {
        if (life.close()) {
            waiting.uninterrupted(() -> {
                leave(() -> {});
                life.giveBack(() -> new AttachRecord(device).detached());
            });
        }
    }

    /** Each step is tried although those before it failed, as they do on a link that has gone. */
    private void leave(Runnable farewell) {
        try {
            keeper.closeAll();
            life.giveBack(farewell);
        } finally {
            try {
                dispatcher.close();
            } finally {
                parts.messages.close();
            }
        }
    }

    private void shutDownFirmware() {
        parts.messages.command(MessageType.SHUTDOWN);
        FirmwareBoot boot = new FirmwareBoot(device, parts.port, parts.pinned, Nanos.of(epoch.options.bootTimeout()), state -> {});
        device.poll(() -> boot.state() == BootState.HALTED, device.runtime().deadline(Nanos.of(epoch.options.bootTimeout())));
    }

    /**
     * Ends the epoch before a reset: when it returns, no thread works on the device through this object any more and none will.
     *
     * @return whether all threads have left
     */
    boolean end(PpuException why) {
        if (life.lose(why)) {
            device.end(why);
            parts.messages.abandon(why);
            contexts.all().forEach(client -> client.deviceLost(why.failure()));
            device.runtime().wake();
        }
        dispatcher.close();
        return life.end(device.runtime().deadline(LEAVE_NANOS));
    }

    /** After the reset that ended the epoch: gives back what only the device's end of it had held. */
    void letGo() {
        waiting.uninterruptibly(() -> !parts.queues.holders().ringing(), device.runtime().deadline(LEAVE_NANOS));
        parts.messages.close();
    }

    /** Numbers of the contexts that the end of the epoch took everything from. */
    List<Integer> bereft() {
        return contexts.all().stream().filter(ClientContext::bereft).map(ClientContext::number).sorted().toList();
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
