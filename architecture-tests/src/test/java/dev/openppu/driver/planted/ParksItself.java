package dev.openppu.driver.planted;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Planted: the driver waits without the link. */
public final class ParksItself {
    public void pause() {
        LockSupport.parkNanos(1_000);
    }

    public Object result(CompletableFuture<Object> future) {
        return future.join();
    }
}
