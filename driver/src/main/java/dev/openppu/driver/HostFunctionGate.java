package dev.openppu.driver;

import dev.openppu.abi.packet.Signal;
import dev.openppu.driver.client.LinkFuture;
import dev.openppu.driver.client.Mark;
import dev.openppu.driver.client.SignalSlot;
import dev.openppu.driver.sync.LinkLock;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The host functions of one stream: each holds the stream by a wait for a count in pinned memory, which the host stores when the function has returned. So they run in
 * stream order, one at a time. Thread-safe.
 */
final class HostFunctionGate {
    private final Stream stream;
    private final Context context;
    private final LinkLock lock;
    private @Nullable SignalSlot slot;
    private long count;

    HostFunctionGate(Stream stream, Context context) {
        this.stream = stream;
        this.context = context;
        this.lock = new LinkLock(context.link().runtime());
    }

    /** A function of the application's, which may not call the API. */
    CompletableFuture<Void> launch(Runnable function) {
        return launch(() -> HostFunctionScope.run(stream.toString(), function), context.ppu().hostFunctions());
    }

    CompletableFuture<Void> launch(Runnable function, HostFunctions host) {
        LinkFuture<Void> outcome = new LinkFuture<>(context.link().runtime());
        lock.lock();
        try {
            SignalSlot counter = slot();
            long number = count + 1;
            CompletableFuture<Void> before = stream.completion(stream.point());
            stream.holdUntil(counter.address(), number);
            count = number;
            HostFunctions.Due due = new HostFunctions.Due(stream.toString(), context.link()::requireAlive, function,
                    () -> release(counter, number), outcome);
            CompletableFuture<Void> _ = before.whenComplete((nothing, failure) -> {
                if (failure == null) {
                    host.run(due);
                } else {
                    outcome.completeExceptionally(failure); // the context is in error: the function does not run
                }
            });
        } finally {
            lock.unlock();
        }
        return outcome;
    }

    private SignalSlot slot() {
        SignalSlot existing = slot;
        if (existing == null) {
            existing = context.signals().take();
            slot = existing;
        }
        return existing;
    }

    private static void release(SignalSlot counter, long number) {
        try {
            Signal.publish(counter.memory(), counter.offset(), number);
        } catch (IllegalStateException e) {
            // the context was closed while the function ran: nothing waits any more
        }
    }

    /** Gives the count back when {@code end} is reached, behind which nothing waits for it. */
    void close(Mark end) {
        lock.lock();
        try {
            SignalSlot used = slot;
            if (used != null) {
                slot = null;
                context.signals().giveAfter(used, end);
            }
        } finally {
            lock.unlock();
        }
    }
}
