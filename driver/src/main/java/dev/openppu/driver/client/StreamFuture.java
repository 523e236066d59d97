package dev.openppu.driver.client;

import dev.openppu.driver.PpuException;
import dev.openppu.hal.LinkRuntime;
import java.util.concurrent.CompletableFuture;

/** A future that stands for a channel's work up to a mark. */
public final class StreamFuture implements CompletionWatcher.Watched, CallbackThreads.Callback {
    private final Mark mark;
    private final CallbackThreads.Order order;
    private final LinkFuture<Void> future;

    /** @param order of the stages that depend on it */
    public StreamFuture(LinkRuntime runtime, Mark mark, CallbackThreads.Order order) {
        this.mark = mark;
        this.order = order;
        this.future = new LinkFuture<>(runtime);
    }

    public CompletableFuture<Void> future() {
        return future;
    }

    @Override
    public Mark mark() {
        return mark;
    }

    @Override
    public void complete() {
        order.run(this);
    }

    @Override
    public void run() {
        StageScope.run(this::tell);
    }

    @Override
    public void abandon() {
        tell();
    }

    @SuppressWarnings("NullAway") // a future of Void has no other value
    private void tell() {
        try {
            if (!mark.done()) {
                throw mark.channel().queue().stopReason();
            }
            future.complete(null);
        } catch (PpuException e) {
            future.completeExceptionally(e);
        }
    }
}
