package dev.openppu.driver.owner;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.MmuContextRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.driver.ClockCorrelation;
import dev.openppu.driver.ContextFault;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.Metric;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.XidEvent;
import dev.openppu.driver.event.FaultEvent;
import dev.openppu.driver.sync.Waiting;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A device that was brought up, seen from the owner's side: contexts, their memory and queues, reports of the firmware, health, orderly shutdown. Made by
 * {@link BringUp}. Thread-safe.
 */
public final class DeviceOwner implements OwnerService, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DeviceOwner.class.getName());
    private static final long DISPATCH_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** How long the firmware may take to report what a queue's registers say already. */
    private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Level[] LEVELS = {Level.TRACE, Level.DEBUG, Level.WARNING, Level.ERROR};

    private final DeviceAccess device;
    private final PciFunction function;
    private final PpuInfo info;
    private final Parts parts;
    private final ContextTable contexts;
    private final XidLog xids;
    private final Health health;
    private final InterruptDispatcher dispatcher;
    private final Waiting waiting;
    private final long timeoutNanos;
    private final AtomicReference<@Nullable PpuException> lost = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** What bring-up made, in its order. */
    record Parts(PinnedMemory pinned, MessageChannel messages, DeviceMemoryPort port, DeviceMemoryManager memory,
            TranslationCache translations,
            QueueManager queues) {}

    DeviceOwner(DeviceAccess device, PciFunction function, PpuInfo info, Parts parts, FirmwareReports reports, boolean watch,
            long timeoutNanos) {
        this.device = device;
        this.function = function;
        this.info = info;
        this.parts = parts;
        this.timeoutNanos = timeoutNanos;
        this.contexts = new ContextTable(device, info.contexts());
        this.xids = new XidLog(device.runtime());
        this.health = new Health(device, parts.messages, watch);
        this.waiting = new Waiting(device.runtime());
        this.dispatcher = new InterruptDispatcher(device, new Causes(), DISPATCH_PERIOD_NANOS);
        reports.connect(new Reports());
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

    public Inventory inventory() {
        return new Inventory(contexts.count(), parts.queues.count(), parts.memory.used(), parts.pinned.mappings(), parts.pinned.bytes());
    }

    /** What there is to watch, as the device says it now. */
    public List<Metric> metrics() {
        requireUsable();
        return MetricReader.read(device.registers(), info, inventory(), parts.queues.taken());
    }

    // ---------------------------------------------------------------- contexts

    @Override
    public ContextGrant openContext() {
        requireUsable();
        if (!info.capabilities().mmu()) {
            throw device.failure(HgResult.NOT_SUPPORTED, "contexts", "the device has no MMU", "use a device that has one");
        }
        int number = contexts.reserve();
        try {
            AddressSpace space = new AddressSpace(device, number, parts.port, parts.memory, parts.pinned, parts.translations);
            device.registers().context(number).writeRoot(MmuContextRegs.Root.withValid(space.root(), true));
            ClientContext context = contexts.add(handle -> new ClientContext(handle, number, space));
            if (lost()) {
                context.lose(ContextStatus.DEVICE_LOST, null);
            }
            return new ContextGrant(context.handle(), number, context.status());
        } catch (RuntimeException e) {
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
        try {
            if (!lost()) {
                stopQueues(number, failed);
                device.registers().context(number).writeRoot(0);
                parts.translations.invalidate(number);
            }
        } catch (PpuException e) {
            lose(e);
        }
        parts.queues.of(number).forEach(parts.queues::release);
        client.space().close();
        contexts.release(number);
    }

    private void stopQueues(int number, boolean failed) {
        boolean busy = parts.queues.of(number).stream().anyMatch(q -> parts.queues.inspect(q).state() != QueueState.IDLE);
        if (busy || failed) {
            kill(number);
        }
        for (int queue : parts.queues.of(number)) {
            if (!parts.queues.stop(queue)) {
                throw device.timeout("queue " + queue, "it did not stop although its context was killed");
            }
        }
    }

    private void kill(int number) {
        parts.messages.command(MessageType.KILL_CONTEXT, number);
    }

    @Override
    public Optional<ContextFault> fault(int context) {
        return contexts.find(context).flatMap(ClientContext::fault);
    }

    // ---------------------------------------------------------------- memory

    @Override
    public MemoryGrant allocateDevice(int context, long bytes, Access access) {
        requireUsable();
        return new MemoryGrant(contexts.get(context).space().allocateDevice(bytes, access), bytes);
    }

    @Override
    public PinnedGrant allocatePinned(int context, long bytes, Access access) {
        requireUsable();
        AddressSpace.Pinned pinned = contexts.get(context).space().allocatePinned(bytes, access);
        return new PinnedGrant(pinned.address(), bytes, pinned.memory().asSlice(0, bytes));
    }

    @Override
    public void free(int context, long address) {
        contexts.find(context).ifPresent(client -> waiting.uninterrupted(() -> {
            try {
                client.space().free(address);
            } catch (DeviceLostException | PpuTimeoutException e) {
                lose(e);
            }
        }));
    }

    @Override
    public void upload(int context, long address, MemorySegment source) {
        requireUsable();
        contexts.get(context).space().upload(address, source);
    }

    // ---------------------------------------------------------------- queues

    @Override
    public QueueGrant openQueue(int context, QueueRequest request) {
        requireUsable();
        return parts.queues.open(contexts.get(context).number(), request);
    }

    @Override
    public void closeQueue(int context, int queue) {
        contexts.find(context).filter(client -> parts.queues.holds(client.number(), queue))
                .ifPresent(client -> waiting.uninterrupted(() -> {
                    try {
                        if (!lost() && !parts.queues.stop(queue)) {
                            client.lose(ContextStatus.LOST, null);
                            kill(client.number());
                            if (!parts.queues.stop(queue)) {
                                throw device.timeout("queue " + queue, "it did not stop although its context was killed");
                            }
                        }
                    } catch (PpuException e) {
                        lose(e);
                    }
                    parts.queues.release(queue);
                }));
    }

    @Override
    public void queueFailed(int context, int queue) {
        ClientContext client = contexts.get(context);
        if (!parts.queues.holds(client.number(), queue) || lost()) {
            return;
        }
        try {
            HardwareQueue hardware = parts.queues.inspect(queue);
            device.poll(() -> {
                parts.messages.poll();
                return !client.alive();
            }, device.runtime().deadline(REPORT_NANOS));
            client.lose(ContextStatus.LOST, hardware.failed() ? ResidentFault.of(client.number(), queue, hardware) : null);
            device.runtime().wake();
        } catch (PpuException e) {
            lose(e);
        }
    }

    // ---------------------------------------------------------------- what the device reports

    private final class Causes implements InterruptDispatcher.Handler {
        @Override
        public void serve(int causes) {
            parts.messages.poll();
            if (InterruptsRegs.Raw.boot(causes) && !closed.get()) {
                health.requireRunning();
            }
            if (causes == 0 && !closed.get()) {
                health.check();
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
            context.stream().boxed().flatMap(number -> contexts.byNumber(number).stream()).forEach(client -> client.lose(ContextStatus.LOST,
                    new ContextFault(client.number(), queue, event.xid(), event.exception(), event.address(), event.pc(), event.nanos())));
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

        @Override
        public void log(int level, String text) {
            LOG.log(LEVELS[Math.clamp(level, 0, LEVELS.length - 1)], () -> device.name() + ": firmware: " + text);
        }
    }

    /** The device is gone, or broke the contract: every waiter ends, nothing is sent to it any more. The first reason counts. */
    private void lose(PpuException why) {
        if (!lost.compareAndSet(null, why)) {
            return;
        }
        LOG.log(Level.WARNING, () -> device.name() + " is lost: " + why.getMessage());
        FaultEvent.record(device.name(), -1, -1, Xid.KERNEL_DEVICE_LOST.number(), Xid.KERNEL_DEVICE_LOST.toString(), 0, 0, 0);
        xids.add(new XidEvent(Xid.KERNEL_DEVICE_LOST.number(), DeviceException.NONE, OptionalInt.empty(), OptionalInt.empty(), 0, 0, 0));
        parts.messages.abandon(why);
        contexts.all().forEach(client -> client.lose(ContextStatus.DEVICE_LOST, null));
        device.runtime().wake();
    }

    private void requireUsable() {
        PpuException why = lost.get();
        if (why != null) {
            throw why;
        }
        if (closed.get()) {
            throw device.failure(HgResult.DEINITIALIZED, "device", "it is closed", "open it again");
        }
    }

    // ---------------------------------------------------------------- end

    /**
     * Takes all contexts back, tells the firmware to shut down, takes its rings away, disables MSI-X and bus mastering, in this order. A device that is lost is only let
     * go. Idempotent.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            waiting.uninterrupted(this::shutDown);
        }
    }

    private void shutDown() {
        contexts.all().forEach(client -> closeContext(client.handle()));
        if (!lost()) {
            try {
                parts.messages.command(MessageType.SHUTDOWN);
                FirmwareBoot boot = new FirmwareBoot(device, parts.port, parts.pinned, timeoutNanos, state -> {});
                device.poll(() -> boot.state() == BootState.HALTED, device.runtime().deadline(timeoutNanos));
            } catch (PpuException e) {
                lose(e);
            }
        }
        dispatcher.close();
        if (lost()) { // perhaps by a reset behind this driver's back: the next one finds the function as enumeration left it
            function.restore();
        }
        parts.messages.close();
        device.link().interrupts().disable();
        function.disableBusMaster();
    }
}
