package dev.openppu.driver.client;

import dev.openppu.hal.LinkRuntime;
import java.util.concurrent.CompletableFuture;

/** A future that stands for the first packets of a queue. */
public final class StreamFuture implements CompletionWatcher.Watched {
    private final CommandQueue queue;
    private final long target;
    private final LinkFuture<Void> future;

    public StreamFuture(LinkRuntime runtime, CommandQueue queue, long target) {
        this.queue = queue;
        this.target = target;
        this.future = new LinkFuture<>(runtime);
    }

    public CompletableFuture<Void> future() {
        return future;
    }

    @Override
    public boolean ended() {
        return queue.reached(target) || queue.stopped();
    }

    @Override
    @SuppressWarnings("NullAway") // a future of Void has no other value
    public void complete() {
        if (queue.reached(target)) {
            future.complete(null);
        } else {
            future.completeExceptionally(queue.stopReason());
        }
    }

    @Override
    public void abandon() {
        if (ended()) {
            complete();
        } else {
            queue.close();
            future.completeExceptionally(queue.stopReason());
        }
    }
}
