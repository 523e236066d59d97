package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams share hardware queues, and move between them: what one leaves behind in a queue is its work still, and who is held must not hold up whom it waits for. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MovedStreamTest {
    private static final StreamOptions NON_BLOCKING = StreamOptions.defaults().withNonBlocking(true);
    private static final int BYTES = 4 << 20;
    private static final int FILLS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static PpuOptions oneQueue() {
        return PpuOptions.builder().maxConnections(1).build();
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void closingAStreamLeavesTheWorkThatAnotherLeftInItsQueue(String uri) {
        try (Ppu ppu = Ppu.open(uri, oneQueue());
                Context context = ppu.createContext();
                DeviceBuffer device = context.allocate(BYTES);
                PinnedBuffer value = context.allocatePinned(64)) {
            value.segment().set(ValueLayout.JAVA_INT, 0, 1);
            Stream neighbour = context.createStream(NON_BLOCKING);
            Stream stream = context.createStream(NON_BLOCKING);
            for (int i = 1; i <= FILLS; i++) {
                stream.fill8(device, 0, (byte) i, BYTES);
            }
            int before = stream.queue();
            stream.waitValue32(value, 0, Compare.EQUAL, 1);
            assertThat(stream.queue()).as("it has moved").isNotEqualTo(before);
            neighbour.close();
            stream.synchronize(PATIENCE);
            assertThat(context.lost()).isFalse();
            assertThat(lastByte(stream, device)).isEqualTo((byte) FILLS);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aQueueThatAStreamHasLeftIsGivenBackWithTheLastOneThere(String uri) {
        try (Ppu ppu = Ppu.open(uri, oneQueue());
                Context context = ppu.createContext();
                DeviceBuffer device = context.allocate(BYTES);
                PinnedBuffer value = context.allocatePinned(64)) {
            value.segment().set(ValueLayout.JAVA_INT, 0, 1);
            int taken = ppu.inventory().queues();
            try (Stream neighbour = context.createStream(NON_BLOCKING); Stream stream = context.createStream(NON_BLOCKING)) {
                stream.fill8(device, 0, (byte) 1, BYTES);
                int before = stream.queue();
                stream.waitValue32(value, 0, Compare.EQUAL, 1);
                assertThat(stream.queue()).as("it has moved").isNotEqualTo(before);
                stream.synchronize(PATIENCE);
                neighbour.synchronize(PATIENCE);
            }
            assertThat(ppu.link().runtime().await(() -> ppu.inventory().queues() == taken,
                    ppu.link().runtime().deadline(PATIENCE.toNanos()))).as(ppu.inventory().toString()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatIsOnItsWayThroughAQueuesMemoryArrivesThoughItsStreamsAreGone(String uri) {
        byte[] source = new byte[1 << 20];
        Arrays.fill(source, (byte) 9);
        try (Ppu ppu = Ppu.open(uri, oneQueue());
                Context context = ppu.createContext();
                DeviceBuffer device = context.allocate(BYTES);
                PinnedBuffer value = context.allocatePinned(64)) {
            value.segment().set(ValueLayout.JAVA_INT, 0, 1);
            for (int round = 0; round < 10; round++) {
                try (Stream neighbour = context.createStream(NON_BLOCKING); Stream stream = context.createStream(NON_BLOCKING)) {
                    stream.fill8(device, 0, (byte) round, BYTES);
                    stream.copyToDevice(device, BYTES - source.length, MemorySegment.ofArray(source));
                    stream.waitValue32(value, 0, Compare.EQUAL, 1);
                    neighbour.close();
                    stream.synchronize(PATIENCE);
                    assertThat(context.lost()).isFalse();
                    assertThat(lastByte(stream, device)).isEqualTo((byte) 9);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void peersCopyThoughEveryHardwareQueueIsTaken(String uri) throws Exception {
        try (Ppu ppu = Ppu.open(uri);
                Context one = ppu.createContext();
                Context two = ppu.createContext();
                DeviceBuffer from = one.allocate(4096);
                DeviceBuffer to = two.allocate(4096);
                Gate gateOfOne = new Gate(one);
                Gate gateOfTwo = new Gate(two)) {
            Stream ofOne = one.createStream();
            Stream ofTwo = two.createStream();
            gateOfOne.hold(ofOne); // who has work keeps its queue
            gateOfTwo.hold(ofTwo);
            List<Context> others = takeAllQueues(ppu);
            gateOfOne.open();
            gateOfTwo.open();
            ofOne.fill8(from, 0, (byte) 5, 4096);
            ofOne.synchronize(PATIENCE);
            ofTwo.copyPeer(to, 0, from, 0, 4096).get();
            assertThat(lastByte(ofTwo, to)).isEqualTo((byte) 5);
            ofOne.fill8(from, 0, (byte) 6, 4096);
            Context.copyPeer(to, 0, from, 0, 4096).get();
            assertThat(lastByte(ofTwo, to)).isEqualTo((byte) 6);
            others.forEach(Context::close);
        }
    }

    private static List<Context> takeAllQueues(Ppu ppu) {
        List<Context> contexts = new ArrayList<>();
        while (true) {
            Context context = ppu.createContext();
            contexts.add(context);
            try {
                new Gate(context).hold(context.createStream());
            } catch (PpuException e) {
                return contexts;
            }
        }
    }

    private static byte lastByte(Stream stream, DeviceBuffer buffer) {
        byte[] last = new byte[1];
        stream.copyToHost(MemorySegment.ofArray(last), buffer, buffer.size() - 1);
        return last[0];
    }
}
