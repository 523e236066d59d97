package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import dev.openppu.hal.LinkRuntime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stage or a host function that takes long holds up its own context and no other. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class SlowCallbackTest {
    private static final int SLOW = 4;
    private static final int ROUNDS = 5;
    private static final long MOMENT = 5_000_000;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aStageThatDoesNotReturnHoldsUpItsOwnContextOnly(String uri) {
        AtomicBoolean go = new AtomicBoolean();
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger behind = new AtomicInteger();
        try (Ppu ppu = Devices.open(uri); Context quick = ppu.createContext()) {
            LinkRuntime runtime = ppu.link().runtime();
            List<CompletableFuture<Void>> stages = new ArrayList<>();
            for (int i = 0; i < SLOW; i++) {
                Context slow = ppu.createContext();
                Stream stream = slow.createStream();
                Gate gate = new Gate(slow);
                gate.hold(stream);
                stages.add(stream.done().thenRun(() -> {
                    begun.incrementAndGet();
                    runtime.await(go::get, LinkRuntime.NEVER);
                }));
                stages.add(stream.done().thenRun(behind::incrementAndGet));
                gate.open();
            }
            runtime.await(() -> begun.get() == SLOW, LinkRuntime.NEVER);
            for (int i = 0; i < ROUNDS; i++) {
                roundOfStages(quick);
                quick.defaultStream().launchHostFunction(() -> {}).join();
            }
            assertThat(behind).as("stages behind those that have not returned").hasValue(0);
            go.set(true);
            runtime.wake();
            stages.forEach(CompletableFuture::join);
            assertThat(behind).hasValue(SLOW);
        }
    }

    private static void roundOfStages(Context context) {
        try (Stream stream = context.createStream(); Gate gate = new Gate(context)) {
            gate.hold(stream);
            AtomicBoolean told = new AtomicBoolean();
            CompletableFuture<Void> stage = stream.done().thenRun(() -> told.set(true));
            gate.open();
            stage.join();
            assertThat(told).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aHostFunctionThatDoesNotReturnHoldsUpItsOwnContextOnly(String uri) {
        AtomicBoolean go = new AtomicBoolean();
        AtomicInteger begun = new AtomicInteger();
        try (Ppu ppu = Devices.open(uri); Context quick = ppu.createContext()) {
            LinkRuntime runtime = ppu.link().runtime();
            List<CompletableFuture<Void>> functions = new ArrayList<>();
            for (int i = 0; i < SLOW; i++) {
                functions.add(ppu.createContext().defaultStream().launchHostFunction(() -> {
                    begun.incrementAndGet();
                    runtime.await(go::get, LinkRuntime.NEVER);
                }));
            }
            runtime.await(() -> begun.get() == SLOW, LinkRuntime.NEVER);
            for (int i = 0; i < ROUNDS; i++) {
                roundOfStages(quick);
                quick.defaultStream().launchHostFunction(() -> {}).join();
            }
            assertThat(functions).noneMatch(CompletableFuture::isDone);
            go.set(true);
            runtime.wake();
            functions.forEach(CompletableFuture::join);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void stagesOfOneContextRunInTheirOrderOneAtATime(String uri) {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Stream stream = context.createStream()) {
            LinkRuntime runtime = ppu.link().runtime();
            List<CompletableFuture<Void>> stages = new ArrayList<>();
            try (Gate gate = new Gate(context)) {
                gate.hold(stream);
                for (int i = 0; i < SLOW; i++) {
                    int number = i;
                    stages.add(stream.done().thenRun(() -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        runtime.sleep(MOMENT);
                        order.add(number);
                        running.decrementAndGet();
                    }));
                }
                gate.open();
                stages.forEach(CompletableFuture::join);
            }
        }
        assertThat(order).containsExactly(0, 1, 2, 3);
        assertThat(most).hasValue(1);
    }

    /** The mark would end the wait of the thread that runs the next stage. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aStageThatLeavesItsThreadInterruptedHarmsNobody(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Stream stream = context.createStream()) {
            try (Gate gate = new Gate(context)) {
                gate.hold(stream);
                CompletableFuture<Void> stage = stream.done().thenRun(() -> Thread.currentThread().interrupt());
                CompletableFuture<Void> function = stream.launchHostFunction(() -> Thread.currentThread().interrupt());
                gate.open();
                stage.join();
                function.join();
            }
            roundOfStages(context);
            stream.launchHostFunction(() -> {}).join();
        }
    }

    @Test
    void threadsAreAsManyAsContextsThatNeedThemAndEndWithTheDevice() {
        AtomicBoolean go = new AtomicBoolean();
        AtomicInteger begun = new AtomicInteger();
        try (Ppu ppu = Devices.open(Devices.FREE)) {
            LinkRuntime runtime = ppu.link().runtime();
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Void> _ = ppu.createContext().defaultStream().launchHostFunction(() -> {});
            }
            for (int i = 0; i < SLOW; i++) {
                CompletableFuture<Void> _ = ppu.createContext().defaultStream().launchHostFunction(() -> {
                    begun.incrementAndGet();
                    runtime.await(go::get, LinkRuntime.NEVER);
                });
            }
            runtime.await(() -> begun.get() == SLOW, LinkRuntime.NEVER);
            assertThat(threads()).isBetween(SLOW, SLOW + 2);
            go.set(true);
            runtime.wake();
            runtime.await(() -> threads() == 1, LinkRuntime.NEVER);
        }
        assertThat(threads()).isZero();
    }

    private static int threads() {
        return (int) Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("ppu-host-functions")).count();
    }

    /** What comes while one runs stands behind it, although threads are to be had. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void functionsOfTwoStreamsOfOneContextRunOneAtATime(String uri) {
        AtomicBoolean go = new AtomicBoolean();
        AtomicInteger begun = new AtomicInteger();
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream one = context.createStream();
                Stream two = context.createStream()) {
            LinkRuntime runtime = ppu.link().runtime();
            CompletableFuture<Void> first = one.launchHostFunction(() -> {
                begun.incrementAndGet();
                runtime.await(go::get, LinkRuntime.NEVER);
            });
            runtime.await(() -> begun.get() == 1, LinkRuntime.NEVER);
            CompletableFuture<Void> second = two.launchHostFunction(begun::incrementAndGet);
            runtime.sleep(20_000_000);
            int together = begun.get();
            go.set(true);
            runtime.wake();
            first.join();
            second.join();
            assertThat(together).isEqualTo(1);
        }
    }
}
