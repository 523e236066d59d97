package dev.openppu.driver.client;

import dev.openppu.driver.PpuException;
import dev.openppu.hal.LinkRuntime;
import java.util.concurrent.CompletableFuture;

/** A future that stands for a channel's work up to a mark. */
public final class StreamFuture implements CompletionWatcher.Watched {
    private final Mark mark;
    private final LinkFuture<Void> future;

    public StreamFuture(LinkRuntime runtime, Mark mark) {
        this.mark = mark;
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
    @SuppressWarnings("NullAway") // a future of Void has no other value
    public void complete() {
        try {
            if (!mark.done()) {
                throw mark.channel().queue().stopReason();
            }
            future.complete(null);
        } catch (PpuException e) {
            future.completeExceptionally(e);
        }
    }

    @Override
    public void abandon() {
        complete();
    }
}
