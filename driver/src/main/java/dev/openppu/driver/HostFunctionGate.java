package dev.openppu.driver;

import dev.openppu.abi.packet.Signal;
import dev.openppu.driver.client.CallbackThreads;
import dev.openppu.driver.client.CompletionWatcher;
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
        return launch(() -> HostFunctionScope.run(stream.toString(), function), context.hostFunctions());
    }

    /** @param order in which it runs, behind what was given to that before */
    CompletableFuture<Void> launch(Runnable function, CallbackThreads.Order order) {
        LinkFuture<Void> outcome = new LinkFuture<>(context.link().runtime());
        lock.lock();
        try {
            SignalSlot counter = slot();
            long number = count + 1;
            Mark before = stream.point();
            stream.holdUntil(counter.address(), number);
            count = number;
            HostFunctionCall call = new HostFunctionCall(stream.toString(), () -> admit(before), function, () -> release(counter, number),
                    outcome);
            context.watcher().watch(new Turn(before, order, call));
        } finally {
            lock.unlock();
        }
        return outcome;
    }

    /** The stream has come to the function. */
    private record Turn(Mark mark, CallbackThreads.Order order, HostFunctionCall call) implements CompletionWatcher.Watched {
        @Override
        public void complete() {
            order.run(call);
        }

        @Override
        public void abandon() {
            order.run(call);
        }
    }

    /** Throws what failed: in a context in error the function does not run. */
    private void admit(Mark before) {
        if (!before.done()) {
            throw before.channel().queue().stopReason();
        }
        context.link().requireAlive();
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
