package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextFlag;
import dev.openppu.driver.ContextOptions;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PriorityRange;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Facts §9.1, Streams: the default streams, flags, priorities, queries, host functions. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
@SuppressWarnings("FutureReturnValueIgnored") // streams are waited for
class StreamSemanticsTest {
    private static final StreamOptions NON_BLOCKING = StreamOptions.defaults().withNonBlocking(true);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void theLegacyStreamIsABarrierAgainstBlockingStreamsBothWays(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream before = context.createStream();
                Stream after = context.createStream();
                Stream free = context.createStream(NON_BLOCKING);
                PinnedBuffer gate = context.allocatePinned(64);
                PinnedBuffer values = context.allocatePinned(64)) {
            before.waitValue32(gate, 0, Compare.EQUAL, 1);
            before.writeValue32(values, 0, 42);
            context.defaultStream().copy(values, 4, values, 0, 4);
            after.copy(values, 8, values, 4, 4);
            context.defaultStream().copy(values, 12, values, 8, 4);
            free.writeValue32(values, 16, 7);
            free.synchronize(); // passes all of them
            assertThat(after.query()).isEqualTo(HgResult.NOT_READY);
            assertThat(context.defaultStream().query()).isEqualTo(HgResult.NOT_READY);
            assertThat(values.segment().get(U32, 8)).isZero();
            gate.segment().set(U32, 0, 1);
            context.defaultStream().synchronize();
            assertThat(values.segment().get(U32, 8)).isEqualTo(42);
            assertThat(values.segment().get(U32, 12)).isEqualTo(42);
            after.synchronize();
            assertThat(after.query()).isEqualTo(HgResult.SUCCESS);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anyMixOfStreamsKeepsTheLegacyOrder(String uri) {
        SplittableRandom random = new SplittableRandom(uri.hashCode());
        int operations = 80;
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                PinnedBuffer times = context.allocatePinned(16L * operations);
                DeviceBuffer target = context.allocate(1 << 16)) {
            List<Stream> streams = List.of(context.defaultStream(), context.perThreadDefaultStream(), context.createStream(), context
                    .createStream(),
                    context.createStream(NON_BLOCKING));
            int[] where = new int[operations];
            for (int i = 0; i < operations; i++) {
                where[i] = random.nextInt(10) < 3 ? 0 : random.nextInt(streams.size());
                Stream stream = streams.get(where[i]);
                stream.timestamp(times, 16L * i);
                stream.fill8(target, 0, (byte) i, random.nextInt(1, 1 << 16));
                stream.timestamp(times, 16L * i + 8);
            }
            context.synchronize();
            for (int legacy = 0; legacy < operations; legacy++) {
                for (int other = 0; where[legacy] == 0 && other < operations; other++) {
                    if (where[other] != 4 && other != legacy) {
                        int first = Math.min(legacy, other);
                        int second = Math.max(legacy, other);
                        assertThat(times.segment().get(U64, 16L * first + 8)).as("end of %d (stream %d) before begin of %d (stream %d)",
                                first, where[first], second, where[second]).isLessThanOrEqualTo(times.segment().get(U64, 16L * second));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void everyThreadHasADefaultStreamOfItsOwn(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Context other = ppu.createContext()) {
            Stream mine = context.perThreadDefaultStream();
            assertThat(context.perThreadDefaultStream()).isSameAs(mine);
            assertThat(mine.handle()).isEqualTo(0x2);
            assertThat(other.perThreadDefaultStream()).isNotSameAs(mine);
            assertThat(context.stream(0x2)).isSameAs(mine);
            List<Stream> seen = Collections.synchronizedList(new ArrayList<>(List.of(mine)));
            Runnable body = () -> {
                seen.add(context.perThreadDefaultStream());
                ppu.link().runtime().await(() -> seen.size() == 3, Long.MAX_VALUE); // both alive: a dead thread's stream may serve another
            };
            Devices.sideBySide(ppu.link(), List.of(body, body));
            assertThat(seen).hasSize(3).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void handlesNameStreams(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Context other = ppu.createContext()) {
            Stream legacy = context.defaultStream();
            assertThat(legacy.handle()).isEqualTo(0x1);
            assertThat(context.defaultStream()).isSameAs(legacy).isSameAs(context.stream(0)).isSameAs(context.stream(1));
            assertThat(other.defaultStream()).isNotSameAs(legacy);
            refused(400, legacy::close);
            refused(400, () -> context.perThreadDefaultStream().close());
            Stream stream = context.createStream();
            assertThat(stream.handle()).isGreaterThan(2);
            assertThat(context.stream(stream.handle())).isSameAs(stream);
            stream.close();
            refused(400, () -> context.stream(stream.handle()));
            refused(400, stream::query);
            legacy.synchronize();
            context.close();
            refused(709, context::defaultStream);
            refused(709, legacy::query);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void prioritiesAreClampedAndLowerIsHigher(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext()) {
            PriorityRange range = context.streamPriorityRange();
            assertThat(range.greatest()).isLessThan(range.least());
            for (int asked : new int[]{range.greatest() - 100, range.greatest(), range.least(), 100}) {
                try (Stream stream = context.createStream(StreamOptions.defaults().withPriority(asked))) {
                    assertThat(stream.priority()).isEqualTo(Math.clamp(asked, range.greatest(), range.least()));
                }
            }
            assertThat(context.defaultStream().priority()).isEqualTo(range.least());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void hostFunctionsRunInStreamOrder(String uri) throws Exception {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Stream second = context.createStream();
                PinnedBuffer memory = context.allocatePinned(64)) {
            MemorySegment seen = memory.segment();
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            List<CompletableFuture<Void>> outcomes = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                int n = i;
                stream.writeValue32(memory, 0, n);
                outcomes.add(stream.launchHostFunction(() -> {
                    order.add(seen.get(U32, 0)); // what was before is done, what comes after is not
                    seen.set(U32, 4, n);
                }));
                stream.copy(memory, 8, memory, 4, 4);
                second.launchHostFunction(() -> {});
            }
            stream.synchronize();
            assertThat(order).isEqualTo(IntStream.rangeClosed(1, 20).boxed().toList());
            assertThat(seen.get(U32, 8)).isEqualTo(20);
            for (CompletableFuture<Void> outcome : outcomes) {
                outcome.get(10, TimeUnit.SECONDS);
            }
            second.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aHostFunctionMayNotCallTheApi(String uri) throws Exception {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Event event = context.createEvent();
                DeviceBuffer buffer = context.allocate(64)) {
            List<Runnable> calls = List.of(stream::synchronize, stream::query, () -> stream.fill8(buffer, 0, (byte) 1, 64), stream::done,
                    stream::close, () -> stream.launchHostFunction(() -> {}), () -> stream.record(event), event::query, event::synchronize,
                    event::close, buffer::close, () -> context.allocate(64), () -> context.allocatePinned(64), context::createStream,
                    context::synchronize, context::defaultStream, context::makeCurrent, context::push, Context::pop, context::close,
                    () -> context.fill8(buffer, 0, (byte) 1, 64), ppu::createContext, ppu::close, () -> ppu.primaryContext().retain());
            for (Runnable call : calls) {
                CompletableFuture<Void> outcome = stream.launchHostFunction(call);
                assertThatThrownBy(outcome::get).isInstanceOf(ExecutionException.class).cause().isInstanceOfSatisfying(PpuException.class,
                        e -> assertThat(e.hgresult()).isEqualTo(HgResult.NOT_PERMITTED));
            }
            stream.fill8(buffer, 0, (byte) 1, 64); // nothing was closed, and the stream goes on
            stream.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aHostFunctionThatFailsIsReportedAndTheStreamGoesOn(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PinnedBuffer memory = context.allocatePinned(64)) {
            CompletableFuture<Void> outcome = stream.launchHostFunction(() -> {
                throw new AssertionError("planted");
            });
            stream.writeValue32(memory, 0, 5);
            stream.synchronize();
            assertThat(memory.segment().get(U32, 0)).isEqualTo(5);
            assertThatThrownBy(outcome::join).hasRootCauseMessage("planted");
            AtomicBoolean ran = new AtomicBoolean();
            stream.launchHostFunction(() -> ran.set(true)).join();
            assertThat(ran).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void hostFunctionsDoNotRunWhenTheContextIsInError(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Context bystander = ppu.createContext()) {
            Stream stream = context.createStream();
            DeviceBuffer buffer = context.allocate(4096);
            PinnedBuffer gate = context.allocatePinned(64);
            AtomicBoolean ran = new AtomicBoolean();
            stream.waitValue32(gate, 0, Compare.EQUAL, 1);
            stream.fill8(buffer, 0, (byte) 1, 4096);
            buffer.close(); // the drain time-out passes: the fill will find nothing
            CompletableFuture<Void> outcome = stream.launchHostFunction(() -> ran.set(true));
            gate.segment().set(U32, 0, 1);
            assertThatThrownBy(outcome::join).hasCauseInstanceOf(PpuException.class);
            refused(700, stream::synchronize);
            refused(700, () -> stream.launchHostFunction(() -> ran.set(true)));
            AtomicBoolean other = new AtomicBoolean();
            bystander.defaultStream().launchHostFunction(() -> other.set(true)).join();
            assertThat(other).isTrue();
            assertThat(ran).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void synchronousCallsWaitAsPublished(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                DeviceBuffer device = context.allocate(4096);
                PinnedBuffer gate = context.allocatePinned(4096);
                PinnedBuffer pinned = context.allocatePinned(4096)) {
            Stream legacy = context.defaultStream();
            legacy.waitValue32(gate, 0, Compare.EQUAL, 1);
            context.fill8(device, 0, (byte) 3, 4096); // do not wait for the held stream
            context.copy(device, 2048, device, 0, 1024);
            context.copyToDevice(device, 100, MemorySegment.ofArray(new byte[100]));
            assertThat(legacy.query()).isEqualTo(HgResult.NOT_READY);
            AtomicReference<String> order = new AtomicReference<>("");
            Devices.sideBySide(ppu.link(), List.of(() -> {
                context.copy(pinned, 0, device, 0, 4096);
                order.accumulateAndGet("copied ", String::concat);
            }, () -> {
                byte[] back = new byte[200];
                context.copyToHost(MemorySegment.ofArray(back), device, 0);
                order.accumulateAndGet("copied ", String::concat);
                assertThat(back[99]).isEqualTo((byte) 3);
                assertThat(back[100]).isZero();
            }, () -> {
                ppu.link().runtime().sleep(2_000_000);
                order.accumulateAndGet("opened ", String::concat);
                gate.segment().set(U32, 0, 1);
            }));
            assertThat(order.get()).isEqualTo("opened copied copied ");
            assertThat(pinned.segment().get(ValueLayout.JAVA_BYTE, 3071)).isEqualTo((byte) 3);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void withSyncMemopsFillsWait(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext(ContextOptions.defaults().with(ContextFlag.SYNC_MEMOPS));
                DeviceBuffer device = context.allocate(1 << 20)) {
            for (int i = 0; i < 5; i++) {
                context.fill8(device, 0, (byte) 3, 1 << 20);
                assertThat(context.defaultStream().query()).isEqualTo(HgResult.SUCCESS);
                context.copy(device, 0, device, 1 << 19, 1 << 19);
                assertThat(context.defaultStream().query()).isEqualTo(HgResult.SUCCESS);
            }
        }
    }
}
