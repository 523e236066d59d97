package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Host functions: when they run, what they see, what they may not do, and whom they hold up. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
@SuppressWarnings("FutureReturnValueIgnored") // streams are waited for
class HostFunctionOrderTest {
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aFunctionSeesTheWorkBeforeItAndIsSeenByTheWorkBehind(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer device = context.allocate(4);
                PinnedBuffer host = context.allocatePinned(4)) {
            for (int i = 0; i < 50; i++) {
                stream.fill32(device, 0, i, 1);
                stream.copy(host, 0, device, 0, 4);
                stream.launchHostFunction(() -> host.segment().set(U32, 0, host.segment().get(U32, 0) * 3));
                stream.copy(device, 0, host, 0, 4);
                stream.fill32(host, 0, -1, 1);
                stream.copy(host, 0, device, 0, 4);
                stream.synchronize();
                assertThat(host.segment().get(U32, 0)).isEqualTo(3 * i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void functionsOfAStreamRunInTheirOrderAndNeverTwoAtOnce(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream one = context.createStream();
                Stream two = context.createStream()) {
            List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
            AtomicInteger running = new AtomicInteger();
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int number = i;
                all.add(one.launchHostFunction(() -> {
                    assertThat(running.incrementAndGet()).isOne();
                    seen.add(number);
                    running.decrementAndGet();
                }));
                all.add(two.launchHostFunction(() -> {
                    assertThat(running.incrementAndGet()).isOne();
                    running.decrementAndGet();
                }));
            }
            context.synchronize();
            assertThat(seen).isEqualTo(IntStream.range(0, 100).boxed().toList());
            assertThat(all).allSatisfy(done -> assertThat(done).isCompleted());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aFunctionThatTakesLongHoldsNoOtherStream(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream slow = context.createStream();
                Stream other = context.createStream();
                DeviceBuffer buffer = context.allocate(64);
                Event event = context.createEvent()) {
            AtomicInteger stage = new AtomicInteger();
            slow.launchHostFunction(() -> {
                stage.set(1);
                ppu.link().runtime().await(() -> stage.get() == 2, ppu.link().runtime().deadline(TimeUnit.SECONDS.toNanos(20)));
            });
            slow.record(event);
            for (int i = 0; i < 100; i++) {
                other.fill8(buffer, 0, (byte) i, 64);
            }
            other.synchronize();
            assertThat(event.reached()).isFalse();
            stage.set(2);
            ppu.link().runtime().wake();
            event.synchronize();
            slow.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void noCallOfTheApiWorksInAFunction(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer buffer = context.allocate(64);
                Event event = context.createEvent()) {
            Map<String, Runnable> calls = new LinkedHashMap<>();
            calls.put("create a context", ppu::createContext);
            calls.put("retain", () -> ppu.primaryContext().retain());
            calls.put("memory info", ppu::memoryInfo);
            calls.put("device time", ppu::deviceTime);
            calls.put("metrics", ppu::metrics);
            calls.put("push", context::push);
            calls.put("current", Context::requireCurrent);
            calls.put("create a stream", context::createStream);
            calls.put("create an event", context::createEvent);
            calls.put("allocate", () -> context.allocate(64));
            calls.put("allocate pinned", () -> context.allocatePinned(64));
            calls.put("context synchronize", context::synchronize);
            calls.put("default stream", () -> context.defaultStream().fill8(buffer, 0, (byte) 1, 1));
            calls.put("fill", () -> stream.fill8(buffer, 0, (byte) 1, 1));
            calls.put("copy", () -> stream.copyToHost(MemorySegment.ofArray(new byte[64]), buffer, 0));
            calls.put("record", () -> stream.record(event));
            calls.put("wait", () -> stream.waitFor(event));
            calls.put("stream synchronize", stream::synchronize);
            calls.put("stream query", stream::query);
            calls.put("event synchronize", event::synchronize);
            calls.put("event query", event::query);
            calls.put("another function", () -> stream.launchHostFunction(() -> {}));
            calls.put("allocate in order", () -> stream.allocateAsync(64));
            calls.put("pointer", () -> context.pointer(buffer.address()));
            calls.put("free", buffer::close);
            calls.put("close the stream", stream::close);
            calls.put("close the event", event::close);
            calls.put("close the context", context::close);
            Map<String, String> outcomes = Collections.synchronizedMap(new LinkedHashMap<>());
            stream.launchHostFunction(() -> calls.forEach((name, call) -> outcomes.put(name, outcome(call))));
            stream.synchronize();
            assertThat(outcomes).hasSameSizeAs(calls).allSatisfy((name, outcome) -> assertThat(outcome).as(name).isEqualTo("800"));
            stream.fill8(buffer, 0, (byte) 1, 64); // nothing was closed
            stream.record(event);
            stream.synchronize();
        }
    }

    private static String outcome(Runnable call) {
        try {
            call.run();
            return "done";
        } catch (PpuException e) {
            return String.valueOf(e.hgresult().number());
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatAFunctionThrowsReachesItsFutureOnly(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Stream stream = context.createStream()) {
            List<String> ran = Collections.synchronizedList(new ArrayList<>());
            CompletableFuture<Void> failed = stream.launchHostFunction(() -> {
                throw new IllegalStateException("on purpose");
            });
            CompletableFuture<Void> died = stream.launchHostFunction(() -> {
                throw new AssertionError("on purpose");
            });
            CompletableFuture<Void> next = stream.launchHostFunction(() -> ran.add("next"));
            next.join();
            assertThat(ran).containsExactly("next");
            assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(IllegalStateException.class);
            assertThatThrownBy(died::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(AssertionError.class);
            stream.synchronize();
            assertThat(context.lost()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void destroyingTheContextEndsFunctionsThatDidNotRun(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Context context = ppu.createContext();
            Stream stream = context.createStream();
            AtomicInteger runs = new AtomicInteger();
            new Gate(context).hold(stream);
            CompletableFuture<Void> never = stream.launchHostFunction(runs::incrementAndGet);
            context.close();
            assertThatThrownBy(never::join).hasCauseInstanceOf(PpuException.class);
            assertThat(runs).hasValue(0);
        }
    }
}
