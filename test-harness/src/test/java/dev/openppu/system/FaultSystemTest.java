package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.OutOfDeviceMemoryException;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.driver.XidEvent;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What fails, fails alone: with its codes, and without taking anything else along. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class FaultSystemTest {

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void useAfterFreeIsAFaultOfItsContextAlone(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context bystander = ppu.createContext();
                Stream going = bystander.createStream();
                DeviceBuffer own = bystander
                        .allocate(4096)) {
            Inventory before = ppu.inventory();
            try (Context context = ppu.createContext();
                    Stream culprit = context.createStream();
                    Stream collateral = context.createStream();
                    PinnedBuffer gate = context.allocatePinned(64)) {
                DeviceBuffer freed = context.allocate(8192);
                long address = freed.address();
                culprit.waitValue32(gate, 0, Compare.EQUAL, 1);
                culprit.fill8(freed, 4096, (byte) 1, 100);
                collateral.waitValue32(gate, 4, Compare.EQUAL, 1);
                CompletableFuture<Void> future = collateral.done();
                freed.close(); // the drain time-out passes
                gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
                assertThatThrownBy(culprit::synchronize).isInstanceOfSatisfying(ContextLostException.class, e -> {
                    assertThat(e.hgresult()).isEqualTo(HgResult.ILLEGAL_ADDRESS);
                    assertThat(e.xid()).contains(Xid.CHUB_INVALID_PAGE);
                    assertThat(e.deviceException()).isEmpty();
                    assertThat(e.fault().orElseThrow().address()).isEqualTo(address + 4096);
                    assertThat(e.fault().orElseThrow().queue()).hasValue(culprit.queue());
                });
                assertThatThrownBy(collateral::synchronize).isInstanceOf(ContextLostException.class);
                assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(ContextLostException.class);
                assertThatThrownBy(() -> context.allocate(1)).isInstanceOf(ContextLostException.class);
                assertThatThrownBy(() -> collateral.writeValue32(gate, 0, 1)).isInstanceOf(ContextLostException.class);
                assertThat(context.lost()).isTrue();
                assertThat(context.failure()).isPresent();
                XidEvent event = ppu.awaitXid(x -> x.context().orElse(-1) == context.id(), Duration.ofSeconds(10)).orElseThrow();
                assertThat(event.xid()).contains(Xid.CHUB_INVALID_PAGE);
                going.fill8(own, 0, (byte) 7, 4096);
                going.synchronize();
            }
            assertThat(ppu.inventory()).isEqualTo(before);
            assertThat(bystander.lost()).isFalse();
            try (Context again = ppu.createContext(); DeviceBuffer buffer = again.allocate(64)) {
                again.fill8(buffer, 0, (byte) 1, 64);
                again.synchronize();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aStreamThatNeverEndsIsAbandonedAtClosing(String uri) {
        try (Ppu ppu = Devices.open(uri); Context bystander = ppu.createContext(); DeviceBuffer buffer = bystander.allocate(64)) {
            Inventory before = ppu.inventory();
            try (Context context = ppu.createContext(); PinnedBuffer gate = context.allocatePinned(64)) {
                try (Stream stuck = context.createStream()) {
                    stuck.waitValue64(gate, 0, Compare.EQUAL, 1);
                }
            }
            assertThat(ppu.inventory()).isEqualTo(before);
            bystander.fill8(buffer, 0, (byte) 1, 64);
            bystander.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#simulated")
    void exhaustedQueuesSayWhoHoldsThem(String uri) {
        try (Ppu ppu = Devices.open(uri); Context greedy = ppu.createContext(); Gate gate = new Gate(greedy)) {
            List<Context> contexts = new ArrayList<>();
            List<Gate> gates = new ArrayList<>();
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < 8; i++) { // seven sizes of ring, each with channels of its own
                for (int log2 = 2; log2 < 9; log2++) {
                    streams.add(greedy.createStream(StreamOptions.defaults().withLog2Packets(log2)));
                }
            }
            streams.forEach(gate::hold); // a queue that has no work is given up to who has none
            int queues = ppu.info().queues(); // 64
            assertThat(ppu.inventory().queues()).isEqualTo(queues - queues / 8);
            for (int i = 0; i < queues / 8; i++) {
                contexts.add(ppu.createContext());
                gates.add(new Gate(contexts.getLast()));
                gates.getLast().hold(contexts.getLast().createStream());
            }
            Context late = ppu.createContext();
            assertThatThrownBy(late::createStream).isInstanceOf(PpuException.class)
                    .hasMessageContaining("all 64 hardware queues are taken")
                    .hasMessageContaining("56 by streams of context 0")
                    .hasMessageContaining("1 by streams of context 1");
            gate.open();
            try (Stream shared = greedy.createStream(); DeviceBuffer buffer = greedy.allocate(16)) {
                shared.fill8(buffer, 0, (byte) 1, 16);
                shared.synchronize();
            }
            try (Stream stream = late.createStream(); DeviceBuffer buffer = late.allocate(16)) {
                stream.fill8(buffer, 0, (byte) 1, 16);
                stream.synchronize();
            }
            gates.forEach(Gate::open);
        }
    }

    @Test
    void exhaustedContextsAndMemorySaySo() {
        try (Ppu ppu = Devices.open(Devices.simulated(2))) {
            List<Context> contexts = new ArrayList<>();
            for (int i = 0; i < ppu.info().contexts(); i++) {
                contexts.add(ppu.createContext());
            }
            assertThatThrownBy(ppu::createContext).isInstanceOf(PpuException.class)
                    .hasMessageContaining("all 1024 address spaces are taken");
            Context context = contexts.get(17);
            DeviceBuffer half = context.allocate(48L << 30);
            assertThatThrownBy(() -> context.allocate(60L << 30)).isInstanceOfSatisfying(OutOfDeviceMemoryException.class, e -> {
                assertThat(e.hgresult()).isEqualTo(HgResult.OUT_OF_MEMORY);
                assertThat(e.requested()).isEqualTo(60L << 30);
                assertThat(e.largest()).isLessThanOrEqualTo(e.free()).isGreaterThan(40L << 30);
            });
            half.close();
            context.allocate(60L << 30);
            contexts.forEach(Context::close);
            assertThat(ppu.inventory().contexts()).isZero();
            assertThat(ppu.inventory().deviceBytes()).isZero();
        }
    }
}
