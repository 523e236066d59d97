package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.client.CallbackThreads;
import dev.openppu.driver.client.CompletionWatcher;
import dev.openppu.driver.client.ContextLink;
import dev.openppu.driver.client.QueueSharing;
import dev.openppu.driver.owner.DeviceEpochs;
import dev.openppu.driver.owner.DeviceOwner;
import dev.openppu.driver.owner.OwnerService.ContextGrant;
import dev.openppu.driver.sync.DeviceWaits;
import dev.openppu.driver.sync.Nanos;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * An open device: brought up, its firmware running. Thread-safe.
 *
 * <pre>{@code
 * try (Ppu ppu = Ppu.open("model:zw810e"); Context context = ppu.createContext(); Stream stream = context.createStream()) {
 *     DeviceBuffer buffer = context.allocate(4096);
 *     stream.fill32(buffer, 0, 42, 1024);
 *     stream.synchronize();
 * }
 * }</pre>
 */
public final class Ppu implements AutoCloseable {
    private final DeviceLink link;
    private final boolean ownsLink;
    private final PpuOptions options;
    private final DeviceEpochs epochs;
    private final CompletionWatcher watcher;
    private final QueueSharing queueSharing;
    private final CallbackThreads stages;
    private final CallbackThreads hostFunctions;
    private final CallbackThreads peerCopies;
    private final CallbackThreads.Order peerCopyOrder;
    private final Set<Context> contexts = new CopyOnWriteArraySet<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final PrimaryContext primary;
    private final HostRegistrations registrations;
    private final int processors = Runtime.getRuntime().availableProcessors();
    private volatile ComputeMode computeMode = ComputeMode.DEFAULT;

    private Ppu(DeviceLink link, boolean ownsLink, PpuOptions options, DeviceEpochs epochs) {
        this.link = link;
        this.ownsLink = ownsLink;
        this.options = options;
        this.epochs = epochs;
        long drainNanos = Nanos.of(options.drainTimeout());
        this.watcher = new CompletionWatcher(link.runtime(), drainNanos);
        this.queueSharing = new QueueSharing(link.runtime());
        this.stages = new CallbackThreads(link.runtime(), "ppu-stages", drainNanos);
        this.hostFunctions = new CallbackThreads(link.runtime(), "ppu-host-functions", drainNanos);
        this.peerCopies = new CallbackThreads(link.runtime(), "ppu-peer-copies", drainNanos);
        this.peerCopyOrder = peerCopies.order();
        this.primary = new PrimaryContext(this);
        this.registrations = new HostRegistrations(link);
    }

    /** As {@link #open(String, PpuOptions)} with the defaults. */
    public static Ppu open(String uri) {
        return open(uri, PpuOptions.defaults());
    }

    /**
     * Opens the link and brings the device up from power-on.
     *
     * @param uri names a link, for example {@code model:zw810e}
     * @throws dev.openppu.hal.LinkException if the URI names no link; the message lists what there is
     * @throws PpuException if the device is refused or does not come up; the link is closed again then
     */
    @SuppressWarnings("MustBeClosedChecker")
    public static Ppu open(String uri, PpuOptions options) {
        DeviceLink link = Links.open(uri);
        try {
            return new Ppu(link, true, options, DeviceEpochs.open(link, options));
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /** Brings up the device behind a link that stays the caller's: closing the device leaves it open. */
    public static Ppu open(DeviceLink link, PpuOptions options) {
        return new Ppu(link, false, options, DeviceEpochs.open(link, options));
    }

    /** What the device is. */
    public PpuInfo info() {
        return owner().info();
    }

    /** As {@link #createContext(ContextOptions)} with the defaults. */
    public Context createContext() {
        return createContext(ContextOptions.defaults());
    }

    /**
     * Makes a context, with a use count of 1, and makes it the calling thread's current one, on top of the stack.
     *
     * @throws PpuException if all address spaces are taken; UNKNOWN (999) if the compute mode is {@link ComputeMode#PROHIBITED}
     */
    public Context createContext(ContextOptions contextOptions) {
        HostFunctionScope.refuseCalls();
        Context context = newContext(contextOptions, Optional.empty());
        CurrentContexts.push(context);
        return context;
    }

    Context newContext(ContextOptions contextOptions, Optional<PrimaryContext> primaryContext) {
        requireSupported(contextOptions);
        if (computeMode == ComputeMode.PROHIBITED) {
            throw new PpuException(Failure.of(HgResult.UNKNOWN, owner().name(), "device", "its compute mode is PROHIBITED: no new contexts",
                    "set another compute mode"));
        }
        DeviceOwner owner = epochs.usable();
        ContextGrant grant = owner.openContext();
        ContextWaiting waiting = new ContextWaiting();
        ContextLink client = new ContextLink(owner, link.runtime(), owner.name(), grant, Nanos.of(options.messageTimeout()),
                waiting::policy);
        Context context = new Context(this, grant.number(), client, watcher, Nanos.of(options.drainTimeout()), options.maxConnections(),
                contextOptions, primaryContext);
        waiting.of(context);
        contexts.add(context);
        if (closed.get()) {
            context.destroy();
        }
        return context;
    }

    void requireSupported(ContextOptions wanted) {
        for (ContextFlag flag : List.of(ContextFlag.COREDUMP_ENABLE, ContextFlag.USER_COREDUMP_ENABLE)) {
            if (wanted.flags().contains(flag)) {
                throw new PpuException(Failure.of(HgResult.NOT_SUPPORTED, owner().name(), "context", flag + " is not supported yet",
                        "leave the flag out"));
            }
        }
    }

    /** The context that all parts of this process share on this device. */
    public PrimaryContext primaryContext() {
        return primary;
    }

    public ComputeMode computeMode() {
        return computeMode;
    }

    /** Says who may make contexts from now on; contexts that exist go on. */
    public void setComputeMode(ComputeMode mode) {
        HostFunctionScope.refuseCalls();
        computeMode = Objects.requireNonNull(mode);
    }

    /** Contexts that are open on this device. */
    int contexts() {
        return contexts.size();
    }

    /** Whether kernels of this device can reach memory of the other: there is no inter-chip link yet, so they cannot. */
    public boolean canAccessPeer(Ppu other) {
        HostFunctionScope.refuseCalls();
        Objects.requireNonNull(other);
        return false;
    }

    CallbackThreads.Order peerCopies() {
        return peerCopyOrder;
    }

    QueueSharing queueSharing() {
        return queueSharing;
    }

    CallbackThreads stages() {
        return stages;
    }

    CallbackThreads hostFunctions() {
        return hostFunctions;
    }

    int processors() {
        return processors;
    }

    /** XIDs that the device has reported since it was opened, oldest first; the last 1024 of them. */
    public List<XidEvent> xids() {
        return epochs.xids().all();
    }

    /** Waits for an XID that matches, reported before or after this call; empty after the time-out (stretched for slow devices). */
    public Optional<XidEvent> awaitXid(Predicate<XidEvent> matches, Duration timeout) {
        HostFunctionScope.refuseCalls();
        return waiting(() -> epochs.xids().await(matches, link.runtime().deadline(Nanos.of(timeout))));
    }

    /** Device time in nanoseconds since power-on: one register read. */
    public long deviceTime() {
        return requireOpen().deviceTime();
    }

    /**
     * What there is to watch of the device now: work done, memory, errors, power. Some dozens of register reads; blocks that the device lacks are left out. Several values
     * may have one name and differ in their labels.
     */
    public List<Metric> metrics() {
        return requireOpen().metrics();
    }

    /** Ties the device's clock, of time stamps, events and XIDs, to the host's: some register reads. */
    public ClockCorrelation correlateClocks() {
        return requireOpen().correlateClocks();
    }

    /** Longest that a block of a kernel may run, in cycles of its unit; 0 is no limit. For kernels launched afterwards. */
    public void setWatchdogCycles(long cycles) {
        requireOpen().setWatchdogCycles(cycles);
    }

    /** Whether the device still answers and makes sense. */
    public boolean lost() {
        return owner().lost();
    }

    /** Device memory, free and in all. */
    public MemoryInfo memoryInfo() {
        DeviceOwner owner = requireOpen();
        long total = owner.memory().total();
        return new MemoryInfo(total - owner.memory().used(), total);
    }

    private DeviceOwner requireOpen() {
        HostFunctionScope.refuseCalls();
        DeviceOwner owner = owner();
        if (closed.get()) {
            throw new PpuException(Failure.of(HgResult.DEINITIALIZED, owner.name(), "device", "it is closed", "open it again"));
        }
        return owner;
    }

    HostRegistrations registrations() {
        return registrations;
    }

    /** What is held of the device right now. */
    public Inventory inventory() {
        return epochs.inventory();
    }

    public DeviceLink link() {
        return link;
    }

    /** The half that drives the hardware, for bring-up tools and tests. */
    public DeviceOwner owner() {
        return epochs.owner();
    }

    // ---------------------------------------------------------------- recovery

    /** How the device is, and what the published ladder asks for next. */
    public DeviceHealth health() {
        return epochs.health();
    }

    /** What was done about the device since it was opened, oldest first; the last 256. */
    public List<RecoveryEvent> recoveries() {
        return epochs.events();
    }

    /** Waits until something was done that matches, before or after this call; empty after the time-out (stretched for slow devices). */
    public Optional<RecoveryEvent> awaitRecovery(Predicate<RecoveryEvent> matches, Duration timeout) {
        HostFunctionScope.refuseCalls();
        waiting(() -> link.runtime().await(() -> epochs.events().stream().anyMatch(matches), link.runtime().deadline(Nanos.of(timeout))));
        return epochs.events().stream().filter(matches).findFirst();
    }

    /**
     * Resets the device, or a part of it, beginning at a rung of the ladder and climbing on if that does not help. After {@link ResetLevel#FUNCTION} and {@link ResetLevel#BUS} everything
     * that was made before is lost and says so; this object works again, with new contexts. A device that is dead may be tried again.
     *
     * @throws PpuException if the device is closed; whether the reset helped is in the report
     */
    public ResetReport reset(ResetLevel level) {
        HostFunctionScope.refuseCalls();
        return waiting(() -> epochs.reset(level));
    }

    /**
     * Writes a dump of the device as it is: registers, queues and their packets, page-table walks, firmware log, driver state. {@code ppu dump show} decodes it. It changes nothing.
     *
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public void dump(Path file, String reason) {
        Objects.requireNonNull(reason);
        try {
            requireOpen().collector().write(file, reason);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** The firmware's rolling log, as it is now. */
    public FirmwareLog firmwareLog() {
        return requireOpen().firmwareLog();
    }

    /**
     * What the firmware slots in flash hold.
     *
     * @throws PpuException NOT_SUPPORTED if the device has none
     */
    public FirmwareSlots firmwareSlots() {
        return requireOpen().firmwareSlots();
    }

    /**
     * Writes an image to the slot of the flash that is not active, and has the next boot from flash ({@link PpuOptions.Builder#firmwareSource}) try it once. The slot that is active is not touched.
     *
     * @return the slot
     * @throws FirmwareRefusedException if the firmware refuses the image
     */
    public char updateFirmware(byte[] image, UpdateListener listener) {
        HostFunctionScope.refuseCalls();
        return owner().updateFirmware(image.clone(), listener);
    }

    /** Counts the lives of the device in this object, from 1: a reset that loses everything begins a new one. */
    public int epoch() {
        return epochs.owner().epoch();
    }

    /** While draining, new contexts are refused; those that there are go on as before. */
    public void drain(boolean draining) {
        HostFunctionScope.refuseCalls();
        epochs.drain(draining);
    }

    /** Waits until no context is open; {@code false} after the time-out (stretched for slow devices). */
    public boolean awaitDrained(Duration timeout) {
        HostFunctionScope.refuseCalls();
        return waiting(() -> link.runtime().await(() -> epochs.owner().openContexts() == 0, link.runtime().deadline(Nanos.of(timeout))));
    }

    private <T> T waiting(Supplier<T> action) {
        return DeviceWaits.call(() -> owner().name(), "device", action);
    }

    void forget(Context context) {
        contexts.remove(context);
    }

    /**
     * Closes what is open on the device, abandoning work that has not completed, shuts the firmware down in order and takes the function off the bus. Idempotent.
     */
    @Override
    public void close() {
        end(epochs::close);
    }

    /**
     * As {@link #close}, but the firmware keeps running, and the device is marked as left in order: who opens it next with {@link ResetPolicy#IF_NEEDED} goes on with it, without a reset and without a
     * boot. A device that is not left like that, because the process died, is reset then.
     */
    public void detach() {
        end(epochs::detach);
    }

    private void end(Runnable farewell) {
        HostFunctionScope.refuseCalls();
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        for (Context context : contexts) {
            context.destroy();
            CurrentContexts.remove(context);
        }
        watcher.close();
        stages.close();
        hostFunctions.close();
        peerCopies.close();
        try {
            waiting(() -> {
                farewell.run();
                return true;
            });
        } finally {
            if (ownsLink) {
                link.close();
            }
        }
    }

    @Override
    public String toString() {
        return owner().name();
    }
}
