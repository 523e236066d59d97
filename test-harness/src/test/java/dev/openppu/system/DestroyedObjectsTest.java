package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLimit;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceSlice;
import dev.openppu.driver.Event;
import dev.openppu.driver.Kernel;
import dev.openppu.driver.Launch;
import dev.openppu.driver.MemoryPool;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Pitched;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamMemoryOperation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call on an object whose context was destroyed, was lost, or that was closed itself: the same published error, each time, from each of them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
@SuppressWarnings("FutureReturnValueIgnored") // they fail
class DestroyedObjectsTest {
    /** One of everything. */
    private static final class World implements AutoCloseable {
        final Arena arena = Arena.ofShared();
        final Context context;
        final Stream stream;
        final Stream other;
        final Event event;
        final Event mark;
        final DeviceBuffer buffer;
        final DeviceBuffer target;
        final PinnedBuffer pinned;
        final DeviceSlice slice;
        final PooledBuffer pooled;
        final MemoryPool pool;
        final Kernel kernel;
        final MemoryKernels kernels;
        final MemorySegment host = MemorySegment.ofArray(new byte[64]);

        World(Ppu ppu) {
            context = ppu.createContext();
            stream = context.createStream();
            other = context.createStream();
            event = context.createEvent();
            mark = context.createEvent();
            buffer = context.allocate(4096);
            target = context.allocate(4096);
            pinned = context.allocatePinned(4096);
            slice = buffer.slice(64, 64);
            pool = context.createMemoryPool();
            pooled = stream.allocateAsync(4096, pool);
            kernels = new MemoryKernels(context);
            kernel = kernels.store();
            stream.record(event);
            stream.record(mark);
            context.synchronize();
        }

        Map<String, Runnable> onStream() {
            Map<String, Runnable> calls = new LinkedHashMap<>();
            calls.put("fill8", () -> stream.fill8(buffer, 0, (byte) 1, 64));
            calls.put("fill16", () -> stream.fill16(buffer, 0, (short) 1, 64));
            calls.put("fill32", () -> stream.fill32(slice, 0, 1, 4));
            calls.put("copy", () -> stream.copy(target, 0, buffer, 0, 64));
            calls.put("copyToDevice", () -> stream.copyToDevice(buffer, 0, host));
            calls.put("copyToHost", () -> stream.copyToHost(host, buffer, 0));
            calls.put("copy2D", () -> stream.copy2D(new Pitched(target, 0, 64), new Pitched(buffer, 0, 64), 4, 4));
            calls.put("copy2DToDevice", () -> stream.copy2DToDevice(new Pitched(target, 0, 64), host, 8, 4, 4));
            calls.put("copy2DToHost", () -> stream.copy2DToHost(host, 8, new Pitched(target, 0, 64), 4, 4));
            calls.put("fill2D8", () -> stream.fill2D8(new Pitched(target, 0, 64), (byte) 1, 4, 4));
            calls.put("copyPeer", () -> stream.copyPeer(target, 0, buffer, 0, 64));
            calls.put("launch", () -> stream.launch(kernel, Launch.linear(1, 1), buffer, 1));
            calls.put("waitValue32", () -> stream.waitValue32(buffer, 0, Compare.EQUAL, 1));
            calls.put("waitValue64", () -> stream.waitValue64(buffer, 0, Compare.EQUAL, 1));
            calls.put("writeValue32", () -> stream.writeValue32(buffer, 0, 1));
            calls.put("writeValue64", () -> stream.writeValue64(buffer, 0, 1));
            calls.put("batch", () -> stream.batchMemoryOperations(List.of(new StreamMemoryOperation.WriteValue32(buffer, 0, 1))));
            calls.put("timestamp", () -> stream.timestamp(buffer, 0));
            calls.put("launchHostFunction", () -> stream.launchHostFunction(() -> {}));
            calls.put("allocateAsync", () -> stream.allocateAsync(64));
            calls.put("freeAsync", () -> stream.freeAsync(pooled));
            calls.put("record", () -> stream.record(event));
            calls.put("waitFor", () -> stream.waitFor(event));
            calls.put("synchronize", stream::synchronize);
            calls.put("query", stream::query);
            calls.put("idle", stream::idle);
            calls.put("done", () -> stream.done().join());
            return calls;
        }

        Map<String, Runnable> onContext() {
            Map<String, Runnable> calls = new LinkedHashMap<>(onStream());
            calls.put("limit", () -> context.limit(ContextLimit.STACK_SIZE));
            calls.put("setLimit", () -> context.setLimit(ContextLimit.STACK_SIZE, 2048));
            calls.put("setOptions", () -> context.setOptions(context.options()));
            calls.put("allocate", () -> context.allocate(64));
            calls.put("allocatePinned", () -> context.allocatePinned(64));
            calls.put("allocatePitched", () -> context.allocatePitched(64, 4, 4));
            calls.put("registerHost", () -> context.registerHost(arena.allocate(4096, 4096), Set.of()));
            calls.put("unregisterHost", () -> context.unregisterHost(arena.allocate(4096, 4096)));
            calls.put("pointer", () -> context.pointer(buffer.address()));
            calls.put("loadModule", () -> new MemoryKernels(context));
            calls.put("createStream", context::createStream);
            calls.put("defaultStream", context::defaultStream);
            calls.put("perThreadDefaultStream", context::perThreadDefaultStream);
            calls.put("stream", () -> context.stream(stream.handle()));
            calls.put("createEvent", context::createEvent);
            calls.put("context.copyToDevice", () -> context.copyToDevice(buffer, 0, host));
            calls.put("context.copyToHost", () -> context.copyToHost(host, buffer, 0));
            calls.put("context.copy", () -> context.copy(target, 0, buffer, 0, 64));
            calls.put("context.fill8", () -> context.fill8(buffer, 0, (byte) 1, 64));
            calls.put("context.synchronize", context::synchronize);
            calls.put("createMemoryPool", context::createMemoryPool);
            calls.put("memoryPool", context::memoryPool);
            calls.put("setMemoryPool", () -> context.setMemoryPool(pool));
            calls.put("context.copyPeer", () -> Context.copyPeer(target, 0, buffer, 0, 64));
            calls.put("another stream's query", other::query);
            calls.put("another stream's synchronize", other::synchronize);
            calls.put("another stream's fill", () -> other.fill8(buffer, 0, (byte) 1, 64));
            calls.put("another stream's event", () -> other.record(event));
            calls.put("another stream's future", () -> other.done().join());
            calls.put("event.query", event::query);
            calls.put("event.reached", event::reached);
            calls.put("event.synchronize", event::synchronize);
            calls.put("event.nanosSince", () -> event.nanosSince(mark));
            calls.put("event.deviceNanos", event::deviceNanos);
            calls.put("pool.trimTo", () -> pool.trimTo(0));
            calls.put("pool.setReleaseThreshold", () -> pool.setReleaseThreshold(0));
            calls.put("allocateAsync of a pool", () -> other.allocateAsync(64, pool));
            return calls;
        }

        void closeEverything() {
            pooled.close();
            pool.close();
            buffer.close();
            target.close();
            pinned.close();
            event.close();
            stream.close();
            other.close();
            kernel.module().close();
        }

        @Override
        public void close() {
            context.close();
            arena.close();
        }
    }

    private static Map<String, String> outcomes(Map<String, Runnable> calls) {
        Map<String, String> outcomes = new LinkedHashMap<>();
        calls.forEach((name, call) -> outcomes.put(name, outcome(call)));
        return outcomes;
    }

    private static String outcome(Runnable call) {
        try {
            call.run();
            return "done";
        } catch (RuntimeException e) {
            Throwable cause = e instanceof java.util.concurrent.CompletionException && e.getCause() != null ? e.getCause() : e;
            return cause instanceof PpuException known ? String.valueOf(known.hgresult().number()) : cause.toString();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void everythingOfADestroyedContextSaysSo(String uri) {
        try (Ppu ppu = Devices.open(uri); World world = new World(ppu)) {
            world.context.close();
            assertThat(outcomes(world.onContext())).allSatisfy((name, outcome) -> assertThat(outcome).as(name).isEqualTo("709"));
            world.closeEverything(); // is nothing, and no mistake
            world.closeEverything();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void everythingOfALostContextFailsWithItsFirstCauseUntilItIsClosed(String uri) {
        try (Ppu ppu = Devices.open(uri);
                World world = new World(ppu);
                Context healthy = ppu.createContext();
                Stream well = healthy.createStream();
                DeviceBuffer buffer = healthy.allocate(64)) {
            world.kernels.store(world.stream, 0x10, 1);
            assertThat(outcome(world.stream::synchronize)).isEqualTo("700");
            for (int round = 0; round < 2; round++) {
                assertThat(outcomes(world.onContext())).allSatisfy((name, outcome) -> assertThat(outcome).as(name).isEqualTo("700"));
            }
            assertThat(world.context.failure()).get().isInstanceOf(ContextLostException.class);
            well.fill8(buffer, 0, (byte) 1, 64);
            healthy.synchronize();
            world.closeEverything();
            assertThat(ppu.lost()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void everythingOfAClosedStreamSaysSo(String uri) {
        try (Ppu ppu = Devices.open(uri); World world = new World(ppu)) {
            world.stream.close();
            assertThat(outcomes(world.onStream())).allSatisfy((name, outcome) -> assertThat(outcome).as(name).isEqualTo("400"));
            assertThat(outcome(() -> world.context.stream(world.stream.handle()))).isEqualTo("400");
            world.stream.close();
            world.context.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void closedMemoryTakesPartInNothing(String uri) {
        try (Ppu ppu = Devices.open(uri); World world = new World(ppu)) {
            long address = world.buffer.address();
            world.buffer.close();
            Map<String, Runnable> calls = new LinkedHashMap<>(world.onStream());
            calls.keySet()
                    .retainAll(Set.of("fill8", "fill16", "fill32", "copy", "copyToDevice", "copyToHost", "copy2D", "copyPeer", "launch",
                            "waitValue32",
                            "waitValue64", "writeValue32", "writeValue64", "batch", "timestamp"));
            assertThat(outcomes(calls)).hasSize(15).allSatisfy((name, outcome) -> assertThat(outcome).as(name).isEqualTo("400"));
            assertThat(outcome(() -> world.context.pointer(address))).isEqualTo("1");
            world.context.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aClosedDeviceLeavesNothingUsable(String uri) {
        Ppu ppu = Devices.open(uri);
        World world = new World(ppu);
        ppu.close();
        assertThat(outcomes(world.onContext())).allSatisfy((name, outcome) -> assertThat(outcome).as(name).isIn("709", "46", "4"));
        assertThat(outcomes(Map.of("create", ppu::createContext, "retain", () -> ppu.primaryContext().retain(), "info", ppu::memoryInfo,
                "time", ppu::deviceTime)))
                .allSatisfy((name, outcome) -> assertThat(outcome).as(name).matches("\\d+"));
        world.closeEverything();
        world.close();
        ppu.close();
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void closingTwiceFromTwoThreadsIsClosingOnce(String uri) {
        try (Ppu ppu = Devices.open(uri); World world = new World(ppu)) {
            Runnable closing = world::closeEverything;
            Devices.sideBySide(ppu.link(), List.of(closing, closing, closing));
            Devices.sideBySide(ppu.link(), List.of(world.context::close, world.context::close, ppu::memoryInfo));
            assertThat(ppu.inventory().toString()).isNotEmpty();
        }
    }
}
