package dev.openppu.driver.client;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.error.FaultMapping;
import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import dev.openppu.driver.ContextFault;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Failure;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.owner.ContextStatus;
import dev.openppu.driver.owner.OwnerService;
import dev.openppu.driver.owner.OwnerService.ContextLoss;
import dev.openppu.driver.sync.DeviceWaits;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Wakeup;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A client's end of its context: its number, its status word, the owner behind it, and the exceptions that its state makes. Thread-safe. */
public final class ContextLink {
    private final OwnerService owner;
    private final LinkRuntime runtime;
    private final String device;
    private final int context;
    private final int number;
    private final MemorySegment status;
    private final long reportNanos;
    private final Supplier<WaitPolicy> policy;
    private final CopyOnWriteArrayList<CommandQueue> queues = new CopyOnWriteArrayList<>();
    private volatile boolean closing;

    /** @param reportNanos how long the owner may take to learn of a failure that the client has seen */
    public ContextLink(OwnerService owner, LinkRuntime runtime, String device, OwnerService.ContextGrant grant, long reportNanos) {
        this(owner, runtime, device, grant, reportNanos, () -> WaitPolicy.SPIN_THEN_SLEEP);
    }

    /** @param policy how threads wait for work of this context, asked at each wait */
    public ContextLink(OwnerService owner, LinkRuntime runtime, String device, OwnerService.ContextGrant grant, long reportNanos,
            Supplier<WaitPolicy> policy) {
        this.owner = owner;
        this.runtime = runtime;
        this.device = device;
        this.context = grant.context();
        this.number = grant.number();
        this.status = grant.status();
        this.reportNanos = reportNanos;
        this.policy = policy;
    }

    public OwnerService owner() {
        return owner;
    }

    public LinkRuntime runtime() {
        return runtime;
    }

    /** How threads wait for work of this context. */
    public WaitPolicy policy() {
        return policy.get();
    }

    /** Which device, for messages. */
    public String device() {
        return device;
    }

    /** Names the context in calls to the owner. */
    public int context() {
        return context;
    }

    /** Number of the address space, for messages. */
    public int number() {
        return number;
    }

    /** Two acquire loads. */
    public boolean alive() {
        return !closing && ContextStatus.acquire(status) == ContextStatus.ALIVE;
    }

    /** Work failed, or the device is gone: an acquire load. */
    public boolean lost() {
        long state = ContextStatus.acquire(status);
        return state == ContextStatus.LOST || state == ContextStatus.DEVICE_LOST;
    }

    /** Work of this queue may wait for that of the context's others, and they for its. */
    void joined(CommandQueue queue) {
        queues.add(queue);
    }

    void left(CommandQueue queue) {
        queues.remove(queue);
    }

    /**
     * Throws if a queue of the context has failed and the firmware has not told yet, or counts more completions than there are packets: its signal lets go on what waits for it on other queues, and what
     * they make of it is nothing to go on with.
     */
    void requireAllSound() {
        for (CommandQueue queue : queues) {
            queue.requireSound();
        }
    }

    /** The client closes the context: whoever uses it from now on hears that, before the owner has taken it back. */
    public void close() {
        closing = true;
    }

    private long state() {
        return closing ? ContextStatus.CLOSED : ContextStatus.acquire(status);
    }

    /** Throws what the context's state asks for if it is not alive. */
    public void requireAlive() {
        long state = state();
        if (state != ContextStatus.ALIVE) {
            throw failure(state);
        }
    }

    /** The failure of a context that is not alive. */
    public PpuException failure() {
        return failure(state());
    }

    /**
     * What to throw after a queue was seen to fail: asks the owner to look, and waits a bounded time until it knows.
     */
    public PpuException queueFailure(int queue) {
        if (alive()) {
            DeviceWaits.call(() -> device, "context " + number, () -> {
                owner.queueFailed(context, queue);
                return true;
            });
            await("context " + number, () -> !alive(), runtime.deadline(reportNanos), WaitPolicy.SLEEP, Wakeup.any());
        }
        return failure();
    }

    private PpuException failure(long state) {
        String object = "context " + number;
        if (state == ContextStatus.DEVICE_LOST) {
            Optional<Failure> cause = owner.loss(context).flatMap(ContextLoss::failure);
            return new DeviceLostException(
                    Failure.of(HgResult.DEVICE_UNAVAILABLE, device, object, cause.map(Failure::what).orElse("the device is lost"),
                            cause.map(Failure::remedy).orElse("close it, reset it and open it again")).with(Xid.KERNEL_DEVICE_LOST));
        }
        if (state == ContextStatus.CLOSED) {
            return new PpuException(Failure.of(HgResult.CONTEXT_IS_DESTROYED, device, object, "the context is closed", "use an open one"));
        }
        Optional<ContextLoss> loss = owner.loss(context);
        Optional<ContextFault> fault = loss.flatMap(ContextLoss::fault);
        Failure why = loss.flatMap(ContextLoss::failure).or(() -> fault.map(f -> describe(f, object)))
                .orElseGet(() -> Failure.of(HgResult.LAUNCH_FAILED, device, object,
                        "the context is lost: its work was stopped and the device gave no reason",
                        "close it and run the job again in a new one"));
        return new ContextLostException(why, loss.map(ContextLoss::role).orElse(LossRole.CULPRIT), fault);
    }

    private Failure describe(ContextFault fault, String object) {
        Optional<FaultMapping> cause = FaultMapping.of(fault.xid(), fault.exception());
        Optional<Xid> xid = Xid.of(fault.xid());
        StringBuilder what = new StringBuilder("the context is lost: ");
        what.append(cause.map(FaultMapping::cause).orElse("the device reported XID " + fault.xid()));
        fault.access().ifPresent(access -> what.append(", ").append(access.name().toLowerCase(Locale.ROOT)));
        if (fault.address() != 0) {
            what.append(", address 0x").append(Long.toHexString(fault.address()));
        }
        fault.reason().ifPresent(reason -> what.append(" (").append(reason).append(')'));
        if (fault.pc() != 0) {
            what.append(", pc 0x").append(Long.toHexString(fault.pc()));
        }
        fault.engine().ifPresent(engine -> what.append(", engine ").append(engine));
        fault.queue().ifPresent(q -> what.append(", queue ").append(q));
        return new Failure(cause.flatMap(FaultMapping::result).orElse(HgResult.LAUNCH_FAILED), device, object, what.toString(),
                xid.map(x -> x.remedy().instruction()).orElse("run the job again") + "; close this context first", xid,
                DeviceException.of(fault.exception()));
    }

    /** As {@link LinkRuntime#await(BooleanSupplier, long, WaitPolicy, Wakeup)}; {@code object} names who waits. */
    boolean await(String object, BooleanSupplier condition, long deadlineNanos, WaitPolicy how, Wakeup wakeup) {
        return DeviceWaits.call(() -> device, object, () -> runtime.await(condition, deadlineNanos, how, wakeup));
    }

    /** An argument that the caller must change. */
    public PpuException invalid(String object, String what, String remedy) {
        return new PpuException(Failure.of(HgResult.INVALID_VALUE, device, object, what, remedy));
    }

    /** An object that was closed before, or while, it was used. */
    public PpuException closed(String object) {
        return new PpuException(Failure.of(HgResult.INVALID_HANDLE, device, object, "it is closed", "use an open one"));
    }

    public PpuTimeoutException timeout(String object, String what, String remedy) {
        return new PpuTimeoutException(Failure.of(HgResult.TIMEOUT, device, object, what, remedy));
    }
}
