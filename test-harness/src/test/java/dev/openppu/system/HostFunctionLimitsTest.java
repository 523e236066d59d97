package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.driver.Context;
import dev.openppu.driver.MemoryPool;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.hal.LinkRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which host functions are not run, and what those that run may not call. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
@SuppressWarnings("FutureReturnValueIgnored") // streams are waited for
class HostFunctionLimitsTest {
    private static final Duration MOMENT = Duration.ofMillis(20);

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aFunctionWhoseContextIsGoneByItsTurnDoesNotRun(String uri) {
        AtomicBoolean go = new AtomicBoolean();
        AtomicBoolean ran = new AtomicBoolean();
        try (Ppu ppu = Devices.open(uri); Context gone = ppu.createContext()) {
            LinkRuntime runtime = ppu.link().runtime();
            CompletableFuture<Void> first = gone.createStream(StreamOptions.defaults().withNonBlocking(true)).launchHostFunction(
                    () -> runtime.await(go::get, LinkRuntime.NEVER));
            runtime.await(() -> false, runtime.deadline(MOMENT.toNanos()));
            CompletableFuture<Void> outcome = gone.createStream(StreamOptions.defaults().withNonBlocking(true)).launchHostFunction(
                    () -> ran.set(true));
            runtime.await(() -> false, runtime.deadline(MOMENT.toNanos())); // it stands behind the other now
            gone.close();
            go.set(true);
            runtime.wake();
            first.join();
            assertThatThrownBy(outcome::join).hasMessageContaining("CONTEXT_IS_DESTROYED");
            assertThat(ran).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void waitsAndSwitchesAreRefusedToo(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Stream batched = context.createStream();
                Stream.Batch batch = batched.batch()) {
            MemoryPool pool = context.defaultMemoryPool();
            List<Runnable> calls = List.of(() -> ppu.drain(true), () -> ppu.awaitDrained(MOMENT), () -> ppu.awaitXid(_ -> true, MOMENT),
                    () -> ppu.awaitRecovery(_ -> true, MOMENT), pool::resetHighs, () -> pool.setReuse(Set.of()), batch::close);
            stream.launchHostFunction(() -> calls.forEach(call -> refused(800, call))).join();
        }
    }
}
