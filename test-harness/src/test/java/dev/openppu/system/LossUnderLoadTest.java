package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Contexts and devices that go while many threads use them: everybody hears the right thing, nobody waits for ever, nothing is left. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class LossUnderLoadTest {
    private static final int BYTES = 300_000;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whoeverUsesALostContextHearsTheFirstCauseAndOthersGoOn(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Inventory before = ppu.inventory();
            Context context = ppu.createContext();
            List<HgResult> heard = Collections.synchronizedList(new ArrayList<>());
            AtomicInteger copies = new AtomicInteger();
            try (Context bystander = ppu.createContext()) {
                List<Runnable> bodies = new ArrayList<>();
                for (int t = 0; t < 3; t++) {
                    bodies.add(() -> heard.add(copyUntilLost(context, copies)));
                }
                bodies.add(() -> {
                    ppu.link().runtime().await(() -> copies.get() >= 6, Long.MAX_VALUE);
                    lose(context);
                });
                bodies.add(() -> {
                    for (int i = 0; i < 20; i++) {
                        copyOnce(bystander, (byte) i);
                    }
                });
                Devices.sideBySide(ppu.link(), bodies);
                assertThat(bystander.lost()).isFalse();
            }
            assertThat(heard).hasSize(3).containsOnly(HgResult.ILLEGAL_ADDRESS);
            assertThatThrownBy(() -> context.allocate(64)).isInstanceOf(ContextLostException.class); // sticky
            assertThatThrownBy(context::createStream).isInstanceOf(ContextLostException.class);
            context.close();
            assertThat(ppu.inventory()).isEqualTo(before);
        }
    }

    private static HgResult copyUntilLost(Context context, AtomicInteger copies) {
        try (Stream stream = context.createStream()) {
            while (true) {
                PooledBuffer buffer = stream.allocateAsync(BYTES);
                stream.copyToDevice(buffer, 0, MemorySegment.ofArray(new byte[BYTES]));
                CompletableFuture<?> _ = stream.launchHostFunction(copies::incrementAndGet);
                stream.copyToHost(MemorySegment.ofArray(new byte[BYTES]), buffer, 0);
                stream.freeAsync(buffer);
            }
        } catch (PpuException e) {
            return e.hgresult();
        }
    }

    private static void copyOnce(Context context, byte value) {
        try (DeviceBuffer buffer = context.allocate(BYTES)) {
            byte[] back = new byte[BYTES];
            context.fill8(buffer, 0, value, BYTES);
            context.copyToHost(MemorySegment.ofArray(back), buffer, 0);
            assertThat(back[0]).isEqualTo(value);
            assertThat(back[BYTES - 1]).isEqualTo(value);
        }
    }

    /** A fill that begins when its memory has been freed. */
    private static void lose(Context context) {
        Stream culprit = context.createStream();
        PinnedBuffer gate = context.allocatePinned(64);
        DeviceBuffer gone = context.allocate(4096);
        culprit.waitValue32(gate, 0, Compare.EQUAL, 1);
        culprit.fill8(gone, 0, (byte) 1, 4096);
        gone.close(); // the drain time-out passes
        gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
        assertThatThrownBy(culprit::synchronize).isInstanceOf(ContextLostException.class);
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void closingTheDeviceEndsEveryWait(String uri) {
        Ppu ppu = Devices.open(uri);
        Context a = ppu.createContext();
        Context b = ppu.createContext();
        PinnedBuffer gate = a.allocatePinned(64);
        DeviceBuffer from = a.allocate(64);
        DeviceBuffer to = b.allocate(64);
        Stream held = a.createStream();
        Stream other = b.createStream();
        Event event = a.createEvent();
        held.waitValue32(gate, 0, Compare.EQUAL, 1);
        held.record(event);
        CompletableFuture<Void> function = held.launchHostFunction(() -> {
            throw new AssertionError("its turn never came");
        });
        CompletableFuture<Void> peer = held.copyPeer(to, 0, from, 0, 64);
        other.waitFor(event);
        Set<HgResult> right = Set.of(HgResult.CONTEXT_IS_DESTROYED, HgResult.DEINITIALIZED, HgResult.INVALID_HANDLE);
        List<Runnable> bodies = new ArrayList<>();
        for (Runnable wait : List.<Runnable>of(held::synchronize, other::synchronize, event::synchronize, a::synchronize,
                () -> copyUntilLost(b, new AtomicInteger()), () -> a.copyToHost(MemorySegment.ofArray(new byte[64]), from, 0))) {
            bodies.add(() -> {
                try {
                    wait.run();
                } catch (PpuException e) {
                    assertThat(right).contains(e.hgresult());
                }
            });
        }
        bodies.add(() -> {
            ppu.link().runtime().sleep(3_000_000);
            a.close();
            b.close();
        });
        Devices.sideBySide(ppu.link(), bodies);
        assertThatThrownBy(function::join).hasCauseInstanceOf(PpuException.class);
        assertThatThrownBy(peer::join).hasCauseInstanceOf(PpuException.class);
        ppu.close();
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aContextMayGoWhileItsHostFunctionRuns(String uri) {
        try (Ppu ppu = Devices.open(uri); Context bystander = ppu.createContext()) {
            Context context = ppu.createContext();
            AtomicBoolean runs = new AtomicBoolean();
            AtomicBoolean end = new AtomicBoolean();
            CompletableFuture<Void> outcome = context.createStream().launchHostFunction(() -> {
                runs.set(true);
                ppu.link().runtime().await(end::get, Long.MAX_VALUE);
            });
            ppu.link().runtime().await(runs::get, Long.MAX_VALUE);
            context.close();
            end.set(true);
            ppu.link().runtime().wake();
            outcome.join();
            bystander.defaultStream().launchHostFunction(() -> {}).join();
        }
    }

    @Test
    void devicesCopyToEachOtherFromManyThreads() {
        try (Ppu one = Devices.open(Devices.FREE + "&serial=1");
                Ppu two = Devices.open(Devices.FREE + "&serial=2");
                Context a = one.createContext();
                Context b = two.createContext()) {
            List<Runnable> bodies = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Context near = t % 2 == 0 ? a : b;
                Context far = t % 2 == 0 ? b : a;
                byte value = (byte) (t + 1);
                bodies.add(() -> {
                    try (Stream stream = near.createStream();
                            DeviceBuffer mine = near.allocate(BYTES);
                            DeviceBuffer there = far.allocate(
                                    BYTES)) {
                        for (int i = 0; i < 10; i++) {
                            byte[] back = new byte[BYTES];
                            stream.fill8(mine, 0, value, BYTES);
                            CompletableFuture<?> _ = stream.copyPeer(there, 0, mine, 0, BYTES);
                            stream.fill8(mine, 0, (byte) 0, BYTES);
                            CompletableFuture<?> _ = stream.copyPeer(mine, 0, there, 0, BYTES);
                            stream.copyToHost(MemorySegment.ofArray(back), mine, 0);
                            assertThat(back[0]).isEqualTo(value);
                            assertThat(back[BYTES - 1]).isEqualTo(value);
                            CompletableFuture<?> _ = Context.copyPeer(there, 0, mine, 0, BYTES);
                        }
                        stream.synchronize();
                    }
                });
            }
            Devices.sideBySide(one.link(), bodies);
            a.synchronize();
            b.synchronize();
        }
    }
}
