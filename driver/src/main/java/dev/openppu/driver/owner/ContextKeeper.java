package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.reg.MmuContextRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.driver.Failure;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.owner.OwnerService.ContextGrant;
import dev.openppu.driver.owner.OwnerService.ContextLoss;
import dev.openppu.driver.owner.OwnerService.QueueGrant;
import dev.openppu.driver.owner.OwnerService.QueueRequest;
import dev.openppu.driver.sync.Waiting;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives contexts and their queues out and takes them back, whatever still runs in them. Thread-safe. */
final class ContextKeeper {
    /** How long the firmware may take to report what a queue's registers say already. */
    private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final DeviceAccess device;
    private final PpuInfo info;
    private final DeviceOwner.Parts parts;
    private final ContextTable contexts;
    private final EpochLife life;
    private final EpochRecovery recovery;
    private final Retirement retirement;
    private final Waiting waiting;

    ContextKeeper(DeviceAccess device, PpuInfo info, DeviceOwner.Parts parts, ContextTable contexts, EpochLife life, EpochRecovery recovery,
            Retirement retirement) {
        this.device = device;
        this.info = info;
        this.parts = parts;
        this.contexts = contexts;
        this.life = life;
        this.recovery = recovery;
        this.retirement = retirement;
        this.waiting = new Waiting(device.runtime());
    }

    ContextGrant open() {
        if (!info.capabilities().mmu()) {
            throw device.failure(HgResult.NOT_SUPPORTED, "contexts", "the device has no MMU", "use a device that has one");
        }
        int number = contexts.reserve();
        @Nullable
        AddressSpace made = null;
        try {
            AddressSpace space = new AddressSpace(device, number, parts.port(), parts.memory(), parts.pinned(), parts.translations());
            made = space;
            setRoot(number, MmuContextRegs.Root.withValid(space.root(), true));
            ClientContext context = contexts.add(handle -> new ClientContext(handle, number, space));
            life.lossReason().ifPresent(why -> context.deviceLost(why.failure()));
            return new ContextGrant(context.handle(), number, context.status());
        } catch (RuntimeException e) {
            if (made != null) {
                made.close();
            }
            contexts.release(number);
            throw e;
        }
    }

    /** An address space whose root did not arrive would be another's. */
    private void setRoot(int number, long root) {
        device.registers().context(number).writeRoot(root);
        if (device.registers().context(number).readRoot() != root) {
            device.requirePresent();
            throw device.nonsense("context " + number, "its root register does not hold what was written to it");
        }
    }

    void close(int handle) {
        contexts.remove(handle).ifPresent(client -> waiting.uninterrupted(() -> close(client)));
    }

    void closeAll() {
        contexts.all().forEach(client -> close(client.handle()));
    }

    private void close(ClientContext client) {
        boolean failed = !client.alive();
        client.close();
        int number = client.number();
        guarded(number, parts.queues().holders().ofContext(number), queues -> {
            life.giveBack(() -> {
                stopQueues(number, queues, failed);
                device.registers().context(number).writeRoot(0);
                parts.translations().invalidate(number);
            });
            queues.forEach(parts.queues()::release);
        });
        client.space().close();
        contexts.release(number);
        if (contexts.count() == 0) {
            life.giveBack(() -> {
                retirement.look();
                retirement.retire(parts.messages());
            });
        }
    }

    /** With nobody else at them: those of a context's queues that are still its own. */
    private void guarded(int number, List<Integer> queues, Consumer<List<Integer>> work) {
        parts.queues().guards().lock(queues);
        try {
            work.accept(queues.stream().filter(queue -> parts.queues().holders().holds(number, queue)).toList());
        } finally {
            parts.queues().guards().unlock(queues);
        }
    }

    private void stopQueues(int number, List<Integer> queues, boolean failed) {
        boolean busy = queues.stream().anyMatch(q -> parts.queues().inspect(q).state() != QueueState.IDLE);
        if (busy || failed) {
            abandonWork(number, queues);
        }
        queues.forEach(this::stop);
    }

    /** What the firmware cannot stop is reset: its queues, or the engines that hold them. */
    private void abandonWork(int number, List<Integer> queues) {
        if (!recovery.kill(number)) {
            for (int queue : queues) {
                recovery.free(queue, "context " + number + " was closed and its work does not end");
            }
        }
    }

    private void stop(int queue) {
        if (!parts.queues().stop(queue)) {
            recovery.free(queue, "queue %d does not stop".formatted(queue));
        }
    }

    QueueGrant openQueue(int context, QueueRequest request) {
        int number = contexts.get(context).number();
        QueueGrant grant = parts.queues().open(number, request);
        if (contexts.find(context).isEmpty()) { // closed meanwhile by another thread, which may not have seen this queue
            guarded(number, List.of(grant.queue()), own -> own.forEach(parts.queues()::release));
        }
        contexts.get(context);
        return grant;
    }

    void countsCompletions(int context, int queue, MemorySegment count, long first) {
        contexts.find(context).ifPresent(client -> parts.queues().countsCompletions(client.number(), queue, count, first));
    }

    long packetsTaken(int context, int queue) {
        return contexts.find(context).map(client -> parts.queues().taken(client.number(), queue)).orElse(OwnerService.UNKNOWN);
    }

    void closeQueue(int context, int queue) {
        contexts.find(context).filter(client -> parts.queues().holders().holds(client.number(), queue))
                .ifPresent(client -> waiting.uninterrupted(() -> guarded(client.number(), List.of(queue), own -> {
                    life.giveBack(() -> own.forEach(q -> stop(client, q)));
                    own.forEach(parts.queues()::release);
                })));
    }

    private void stop(ClientContext client, int queue) {
        boolean overcounted = client.alive() && parts.queues().overcounted(queue);
        if (!parts.queues().stop(queue)) {
            client.lose(ContextStatus.LOST, null);
            abandonWork(client.number(), List.of(queue));
            stop(queue);
        } else if (overcounted) { // a packet that stands in the ring is never begun now, and others of the context may wait for it
            client.lose(ContextStatus.LOST, new ContextLoss(LossRole.CULPRIT, Optional.empty(), Optional.of(overcounted(client, queue))));
            device.runtime().wake();
        }
    }

    private Failure overcounted(ClientContext client, int queue) {
        return Failure.of(HgResult.LAUNCH_FAILED, device.name(), "queue %d of context %d".formatted(queue, client.number()),
                "the context is lost: the device told of more packets that completed than it took, and the queue was given back before all were done",
                "close this context and run the job again; if it happens again, the device is not to be trusted any more: reset it");
    }

    void queueFailed(int context, int queue) {
        ClientContext client = contexts.get(context);
        if (!parts.queues().holders().holds(client.number(), queue)) {
            return;
        }
        life.giveBack(() -> {
            HardwareQueue hardware = parts.queues().inspect(queue);
            device.poll(() -> {
                parts.messages().poll();
                return !client.alive();
            }, device.runtime().deadline(REPORT_NANOS));
            client.lose(ContextStatus.LOST,
                    hardware.failed() ? ResidentFault.loss(client.number(), queue, hardware, parts.queues()) : null);
            device.runtime().wake();
        });
    }
}
