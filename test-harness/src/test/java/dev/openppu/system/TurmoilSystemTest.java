package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.driver.tix.TixException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that compute, fault, and walk away from work in flight, all at once: every result is right, every fault its own, nothing is left. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class TurmoilSystemTest {
    private static final int THREADS = 5;
    private static final int ROUNDS = 4;
    private static final long SEEDS = 20;
    private static final long NOWHERE = 0x5000_0000_0000L;
    private static final String TIX = """
            .target ppu_10;
            .entry increment(.param .u64 data, .param .u32 n)
            {
                .reg .u32 i, count, x;
                .reg .u64 offset, address;
                .reg .pred beyond;
                ppu.mad.lo.u32      i, %blkid.x, %ntid.x, %tid.x;
                ppu.ld.param.u32    count, [n];
                ppu.cmpp.ge.u32     beyond, i, count;
            @beyond ppu.exit;
                ppu.mul.wide.u32    offset, i, 4;
                ppu.ld.param.u64    address, [data];
                ppu.add.u64         address, address, offset;
                ppu.ld.global.u32   x, [address];
                ppu.add.u32         x, x, 1;
                ppu.st.global.u32   [address], x;
                ppu.exit;
            }
            .entry poke(.param .u64 address)
            {
                .reg .u32 x;
                .reg .u64 to;
                ppu.mov.u32         x, 7;
                ppu.ld.param.u64    to, [address];
                ppu.st.global.u32   [to], x;
                ppu.exit;
            }
            """;

    /** How a round ends. */
    private enum Ending {
        RESULT, FAULT, WALK_AWAY
    }

    static java.util.stream.Stream<String> links() {
        return java.util.stream.Stream.concat(LongStream.rangeClosed(101, 100 + SEEDS).mapToObj(Devices::simulated),
                java.util.stream.Stream.of(Devices.FREE));
    }

    @ParameterizedTest
    @MethodSource("links")
    void everyThreadSeesOnlyItsOwn(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Inventory before = ppu.inventory();
            List<Runnable> bodies = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                Random random = new Random(uri.hashCode() + t);
                bodies.add(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        round(ppu, random);
                    }
                });
            }
            Devices.sideBySide(ppu.link(), bodies);
            assertThat(ppu.inventory()).isEqualTo(before);
            assertThat(ppu.lost()).isFalse();
        }
    }

    private static void round(Ppu ppu, Random random) {
        Ending ending = Ending.values()[random.nextInt(Ending.values().length)];
        try (Context context = ppu.createContext()) {
            PpuModule module = load(context);
            Stream first = context.createStream(StreamOptions.defaults().withLog2Packets(2 + random.nextInt(3)));
            Stream second = context.createStream();
            int[] words = random.ints(1 + random.nextInt(500)).toArray();
            DeviceBuffer buffer = context.allocate(4L * words.length);
            first.copyToDevice(buffer, 0, MemorySegment.ofArray(words));
            int increments = random.nextInt(8);
            for (int i = 0; i < increments; i++) {
                first.launch(module.kernel("increment"), Launch.linear(words.length, 32 + 32 * random.nextInt(3)), buffer, words.length);
            }
            Event reached = context.createEvent();
            first.record(reached);
            second.waitFor(reached);
            switch (ending) {
                case RESULT -> expectResult(second, buffer, words, increments);
                case FAULT -> expectFault(second, module);
                case WALK_AWAY -> {
                    // closing the context abandons it
                }
            }
            if (random.nextBoolean()) {
                first.close();
                buffer.close();
                module.close();
            }
        }
    }

    private static void expectResult(Stream stream, DeviceBuffer buffer, int[] words, int increments) {
        int[] result = new int[words.length];
        stream.copyToHost(MemorySegment.ofArray(result), buffer, 0);
        for (int i = 0; i < words.length; i++) {
            assertThat(result[i]).isEqualTo(words[i] + increments);
        }
    }

    private static void expectFault(Stream stream, PpuModule module) {
        stream.launch(module.kernel("poke"), Launch.of(Extent.of(1), Extent.of(1)), NOWHERE);
        assertThatThrownBy(stream::synchronize).isInstanceOfSatisfying(ContextLostException.class, e -> {
            assertThat(e.hgresult()).isEqualTo(HgResult.ILLEGAL_ADDRESS);
            assertThat(e.fault().orElseThrow().address()).isEqualTo(NOWHERE);
        });
    }

    private static PpuModule load(Context context) {
        try {
            return context.loadModule("turmoil.tix", TIX);
        } catch (TixException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }
}
