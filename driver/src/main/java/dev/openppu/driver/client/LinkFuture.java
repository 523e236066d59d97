package dev.openppu.driver.client;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitInterruptedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future whose {@code get} and {@code join} wait through the link's runtime, so that they work under a simulated clock too; its dependents are of the same
 * kind. Time-outs are on the link's clock. In a stage ({@link StageScope}) a wait for one that is not done is refused.
 */
public final class LinkFuture<T> extends CompletableFuture<T> {
    private final LinkRuntime runtime;

    public LinkFuture(LinkRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new LinkFuture<>(runtime);
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        awaitDone(LinkRuntime.NEVER);
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!awaitDone(runtime.deadline(unit.toNanos(timeout)))) {
            throw new TimeoutException("not complete after " + timeout + " " + unit);
        }
        return super.get();
    }

    @Override
    public T join() {
        refuseWait();
        boolean interrupted = false;
        while (!isDone()) {
            try {
                runtime.await(this::isDone, LinkRuntime.NEVER);
            } catch (WaitInterruptedException e) {
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return super.join();
    }

    private void refuseWait() {
        if (!isDone()) {
            StageScope.refuseWait("any device", "future of a stream's work");
        }
    }

    private boolean awaitDone(long deadline) throws InterruptedException {
        refuseWait();
        try {
            return isDone() || runtime.await(this::isDone, deadline);
        } catch (WaitInterruptedException e) {
            Thread.interrupted();
            InterruptedException interrupt = new InterruptedException(e.getMessage());
            interrupt.initCause(e);
            throw interrupt;
        }
    }
}
