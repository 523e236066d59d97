package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the default streams order that nobody asked for in so many words, and what they must leave alone. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
@SuppressWarnings("FutureReturnValueIgnored") // streams are waited for
class ImplicitSynchronizationTest {
    private static final StreamOptions NON_BLOCKING = StreamOptions.defaults().withNonBlocking(true);
    private static final Duration SOON = Duration.ofMillis(5);

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anEventOfTheLegacyStreamStandsForAllBlockingStreams(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream blocking = context.createStream();
                Gate gate = new Gate(context);
                Event timed = context.createEvent();
                Event untimed = context.createEvent(EventFlag.DISABLE_TIMING)) {
            gate.hold(blocking);
            context.defaultStream().record(untimed);
            assertThat(untimed.query()).isEqualTo(HgResult.NOT_READY);
            context.defaultStream().record(timed);
            assertThat(timed.query()).isEqualTo(HgResult.NOT_READY);
            gate.open();
            timed.synchronize();
            untimed.synchronize();
            assertThat(blocking.query()).isEqualTo(HgResult.SUCCESS);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void synchronizingTheLegacyStreamWaitsForBlockingStreamsOnly(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream blocking = context.createStream();
                Stream free = context.createStream(NON_BLOCKING);
                Gate gate = new Gate(context);
                Gate freeGate = new Gate(context)) {
            freeGate.hold(free);
            context.defaultStream().synchronize();
            gate.hold(blocking);
            assertThat(context.defaultStream().query()).isEqualTo(HgResult.NOT_READY);
            assertThatThrownBy(() -> context.defaultStream().synchronize(SOON)).isInstanceOf(PpuTimeoutException.class);
            gate.open();
            context.defaultStream().synchronize();
            assertThat(blocking.idle()).isTrue();
            assertThat(free.idle()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aWaitOfTheLegacyStreamHoldsTheBlockingStreamsBehindIt(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream free = context.createStream(NON_BLOCKING);
                Stream other = context.createStream(NON_BLOCKING);
                Stream blocking = context.createStream();
                DeviceBuffer buffer = context.allocate(64);
                Gate gate = new Gate(context);
                Event event = context.createEvent()) {
            gate.hold(free);
            free.record(event);
            context.defaultStream().waitFor(event);
            blocking.fill8(buffer, 0, (byte) 1, 64);
            other.fill8(buffer, 0, (byte) 2, 64);
            other.synchronize();
            assertThat(blocking.idle()).isFalse();
            gate.open();
            blocking.synchronize();
            assertThat(event.reached()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void defaultStreamsOfTwoContextsKnowNothingOfEachOther(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context first = ppu.createContext();
                Context second = ppu.createContext();
                Stream blocking = first.createStream();
                DeviceBuffer buffer = second.allocate(64);
                Gate gate = new Gate(first)) {
            gate.hold(blocking);
            gate.hold(first.defaultStream());
            second.defaultStream().fill8(buffer, 0, (byte) 3, 64);
            second.synchronize();
            assertThat(first.defaultStream().idle()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void perThreadStreamsOrderWithTheLegacyStreamAndNotWithEachOther(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                DeviceBuffer buffer = context.allocate(64);
                Gate gate = new Gate(context)) {
            gate.hold(context.perThreadDefaultStream());
            AtomicReference<Stream> others = new AtomicReference<>();
            Devices.sideBySide(ppu.link(), List.of(() -> {
                Stream own = context.perThreadDefaultStream();
                own.fill8(buffer, 0, (byte) 1, 64);
                own.synchronize();
                others.set(own);
            }));
            assertThat(others.get()).isNotSameAs(context.perThreadDefaultStream());
            context.defaultStream().fill8(buffer, 0, (byte) 2, 64);
            Devices.sideBySide(ppu.link(), List.of(() -> {
                Stream own = context.perThreadDefaultStream();
                own.fill8(buffer, 0, (byte) 3, 64); // behind the legacy stream, which is behind the first thread's
                assertThat(own.idle()).isFalse();
            }));
            gate.open();
            context.synchronize();
            assertThat(context.perThreadDefaultStream().idle()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void hostFunctionsOfBlockingStreamsTakePartInTheBarrier(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream blocking = context.createStream();
                Gate gate = new Gate(context)) {
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            gate.hold(blocking);
            blocking.launchHostFunction(() -> order.add("b"));
            context.defaultStream().launchHostFunction(() -> order.add("L"));
            blocking.launchHostFunction(() -> order.add("c"));
            gate.open();
            context.synchronize();
            assertThat(order).containsExactly("b", "L", "c");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatTheLegacyStreamFreesStaysUntilBlockingStreamsHaveUsedIt(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream blocking = context.createStream();
                Stream free = context.createStream(NON_BLOCKING);
                PinnedBuffer out = context.allocatePinned(4);
                Gate gate = new Gate(context)) {
            PooledBuffer buffer = blocking.allocateAsync(1 << 20);
            gate.hold(blocking);
            blocking.fill32(buffer, 0, 7, 1 << 18);
            blocking.copy(out, 0, buffer, (1 << 20) - 4, 4);
            context.defaultStream().freeAsync(buffer);
            free.synchronize(); // somebody waits: unused memory goes back
            PooledBuffer next = free.allocateAsync(1 << 20);
            free.fill32(next, 0, 8, 1 << 18);
            gate.open();
            context.synchronize();
            assertThat(out.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
            free.freeAsync(next);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void peerCopiesOfContextsWaitForTheBlockingStreamsOfBoth(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context source = ppu.createContext();
                Context target = ppu.createContext();
                Stream blocking = source.createStream();
                Stream reader = target.createStream();
                DeviceBuffer from = source.allocate(64);
                DeviceBuffer to = target.allocate(64);
                PinnedBuffer old = target.allocatePinned(4);
                PinnedBuffer now = target.allocatePinned(4);
                Gate sourceGate = new Gate(source);
                Gate targetGate = new Gate(target)) {
            target.fill8(to, 0, (byte) 1, 64);
            sourceGate.hold(blocking);
            blocking.fill8(from, 0, (byte) 2, 64);
            targetGate.hold(reader);
            reader.copy(old, 0, to, 0, 4);
            Context.copyPeer(to, 0, from, 0, 64);
            reader.copy(now, 0, to, 0, 4);
            sourceGate.open();
            assertThatThrownBy(() -> target.defaultStream().synchronize(SOON)).isInstanceOf(PpuTimeoutException.class);
            targetGate.open();
            target.synchronize();
            assertThat(old.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(0x0101_0101);
            assertThat(now.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(0x0202_0202);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aSynchronousCopyWaitsForBlockingStreamsAndPassesTheOthers(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream blocking = context.createStream();
                Stream free = context.createStream(NON_BLOCKING);
                DeviceBuffer buffer = context.allocate(16);
                Gate gate = new Gate(context);
                Gate freeGate = new Gate(context)) {
            freeGate.hold(free);
            gate.hold(blocking);
            blocking.fill8(buffer, 0, (byte) 5, 16);
            byte[] bytes = new byte[16];
            Devices.sideBySide(ppu.link(), List.of(() -> context.copyToHost(MemorySegment.ofArray(bytes), buffer, 0), () -> {
                ppu.link().runtime().sleep(1_000_000);
                gate.open();
            }));
            assertThat(bytes).containsOnly(5);
            assertThat(free.idle()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void contextSynchronizeWaitsForEveryKindOfStream(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream free = context.createStream(NON_BLOCKING);
                Gate gate = new Gate(context)) {
            gate.hold(free);
            Devices.sideBySide(ppu.link(), List.of(() -> {
                context.synchronize();
                assertThat(free.idle()).isTrue();
            }, () -> {
                ppu.link().runtime().sleep(1_000_000);
                assertThat(free.idle()).isFalse();
                gate.open();
            }));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void defaultStreamsAreNotClosedAndPerThreadStreamsAreNoOneElses(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext()) {
            Stream own = context.perThreadDefaultStream();
            refused(400, own::close);
            refused(400, context.defaultStream()::close);
            assertThat(context.stream(2)).isSameAs(own);
            assertThat(context.stream(1)).isSameAs(context.defaultStream()).isSameAs(context.stream(0));
            refused(400, () -> context.stream(-1));
            refused(400, () -> context.stream(Long.MAX_VALUE));
        }
    }
}
