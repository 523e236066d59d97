package dev.openppu.driver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.driver.fake.ManualRuntime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Waiting for a future takes the link's clock, not the machine's. */
class LinkFutureTest {
    private final ManualRuntime runtime = new ManualRuntime();
    private final LinkFuture<String> future = new LinkFuture<>(runtime);

    @Test
    void waitsThroughTheRuntime() throws Exception {
        runtime.whileWaiting(() -> future.complete("done"));
        assertThat(future.get()).isEqualTo("done");
        assertThat(future.join()).isEqualTo("done");
    }

    @Test
    void dependentsWaitThroughTheRuntimeToo() {
        CompletableFuture<Integer> length = future.thenApply(String::length);
        runtime.whileWaiting(() -> future.complete("four"));
        assertThat(length.join()).isEqualTo(4);
    }

    @Test
    void timeOutsAreOnTheLinksClock() {
        assertThatThrownBy(() -> future.get(3, TimeUnit.MINUTES)).isInstanceOf(TimeoutException.class).hasNoCause();
        assertThat(runtime.nanos()).isGreaterThanOrEqualTo(TimeUnit.MINUTES.toNanos(3));
    }

    @Test
    void failuresComeAsUsual() {
        runtime.whileWaiting(() -> future.completeExceptionally(new IllegalStateException("no")));
        assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("no");
    }
}
