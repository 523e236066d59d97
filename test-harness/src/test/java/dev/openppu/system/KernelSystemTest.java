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
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.driver.tix.TixAssembler;
import dev.openppu.driver.tix.TixException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules and launches through the public interface. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class KernelSystemTest {
    private static final String TIX = """
            .target ppu_10;
            // data[i] = data[i] * factor + i
            .entry scale(.param .u64 data, .param .u32 factor, .param .u32 n)
            {
                .reg .u32 i, count, x, f;
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
                ppu.ld.param.u32    f, [factor];
                ppu.mad.lo.u32      x, x, f, i;
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
            .entry forever()
            {
            again:
                ppu.bra again;
            }
            """;
    private static final Launch ONE = Launch.of(Extent.of(1), Extent.of(1));

    private static PpuModule load(Context context) {
        try {
            return context.loadModule("test.tix", TIX);
        } catch (TixException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static int[] download(Context context, DeviceBuffer buffer, int words) {
        int[] result = new int[words];
        context.copyToHost(MemorySegment.ofArray(result), buffer, 0);
        return result;
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void launchesOfOneStreamSeeEachOthersResults(String uri) {
        int n = 1000;
        int rounds = 40;
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                PpuModule module = load(context);
                Stream stream = context.createStream(
                        StreamOptions.defaults().withLog2Packets(3));
                DeviceBuffer buffer = context.allocate(4L * n)) {
            stream.fill32(buffer, 0, 1, n);
            int[] expected = new int[n];
            java.util.Arrays.fill(expected, 1);
            for (int round = 0; round < rounds; round++) {
                stream.launch(module.kernel("scale"), Launch.linear(n, 96), buffer, round, n);
                for (int i = 0; i < n; i++) {
                    expected[i] = expected[i] * round + i;
                }
            }
            stream.synchronize();
            assertThat(download(context, buffer, n)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void threadsWithContextsOfTheirOwnComputeSideBySide(String uri) {
        int n = 300;
        try (Ppu ppu = Devices.open(uri)) {
            Inventory before = ppu.inventory();
            List<Runnable> bodies = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int factor = t + 2;
                bodies.add(() -> {
                    try (Context context = ppu.createContext();
                            PpuModule module = load(context);
                            Stream first = context.createStream();
                            Stream second = context
                                    .createStream();
                            DeviceBuffer buffer = context.allocate(4L * n);
                            Event filled = context.createEvent()) {
                        first.fill32(buffer, 0, 5, n);
                        first.record(filled);
                        second.waitFor(filled);
                        second.launch(module.kernel("scale"), Launch.linear(n, 64), buffer, factor, n);
                        second.synchronize();
                        int[] result = download(context, buffer, n);
                        for (int i = 0; i < n; i++) {
                            assertThat(result[i]).isEqualTo(5 * factor + i);
                        }
                    }
                });
            }
            Devices.sideBySide(ppu.link(), bodies);
            assertThat(ppu.inventory()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void kernelsReachPinnedHostMemory(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                PpuModule module = load(context);
                Stream stream = context.createStream();
                PinnedBuffer pinned = context.allocatePinned(64)) {
            pinned.segment().set(ValueLayout.JAVA_INT, 4, 21);
            stream.launch(module.kernel("scale"), Launch.linear(2, 32), pinned, 2, 2);
            stream.synchronize();
            assertThat(pinned.segment().get(ValueLayout.JAVA_INT, 4)).isEqualTo(43);
        }
    }

    @ParameterizedTest
    @CsvSource({"0x0, ILLEGAL_ADDRESS, 1155, 19", "0x5a5a00000000, ILLEGAL_ADDRESS, 1155, 19", "0x800000000000, ILLEGAL_ADDRESS, 1666, 23",
        "0x200002, MISALIGNED_ADDRESS, 896, 12"})
    void aKernelThatFaultsLosesItsContextAloneUnderBothClocks(String address, HgResult result, int xid, int exception) {
        for (String uri : List.of(Devices.simulated(5), Devices.FREE)) {
            try (Ppu ppu = Devices.open(uri);
                    Context bystander = ppu.createContext();
                    PpuModule good = load(bystander);
                    Stream calm = bystander
                            .createStream();
                    DeviceBuffer buffer = bystander.allocate(4096)) {
                Inventory before = ppu.inventory();
                calm.fill32(buffer, 0, 3, 1024);
                try (Context context = ppu.createContext(); PpuModule module = load(context); Stream stream = context.createStream()) {
                    stream.launch(module.kernel("poke"), ONE, Long.decode(address));
                    assertThatThrownBy(stream::synchronize).isInstanceOfSatisfying(ContextLostException.class, e -> {
                        assertThat(e.hgresult()).isEqualTo(result);
                        assertThat(e.xid().orElseThrow().number()).isEqualTo(xid);
                        assertThat(e.deviceException()).hasValue(exception);
                        assertThat(e.remedy()).isNotEmpty();
                        assertThat(module.lineAt(e.fault().orElseThrow().pc()).orElseThrow()).isBetween(20, 28);
                    });
                }
                calm.launch(good.kernel("scale"), Launch.linear(1024, 128), buffer, 4, 1024);
                calm.synchronize();
                assertThat(download(bystander, buffer, 1024)[1000]).isEqualTo(1012);
                bystander.synchronize();
                assertThat(ppu.inventory().contexts()).isEqualTo(before.contexts());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aKernelThatNeverEndsMeetsTheWatchdog(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                PpuModule module = load(context);
                Stream stream = context.createStream()) {
            ppu.setWatchdogCycles(50_000);
            stream.launch(module.kernel("forever"), ONE);
            assertThatThrownBy(stream::synchronize).isInstanceOfSatisfying(ContextLostException.class, e -> {
                assertThat(e.hgresult()).isEqualTo(HgResult.LAUNCH_TIMEOUT);
                assertThat(e.deviceException()).hasValue(4);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void closingAContextAbandonsAKernelThatNeverEnds(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context bystander = ppu.createContext();
                PpuModule good = load(bystander);
                Stream calm = bystander.createStream();
                DeviceBuffer buffer = bystander.allocate(4096)) {
            ppu.setWatchdogCycles(0);
            Inventory before = ppu.inventory();
            Context context = ppu.createContext();
            Stream stream = context.createStream();
            stream.launch(load(context).kernel("forever"), Launch.of(Extent.of(8), Extent.of(64)));
            ppu.link().runtime().sleep(1_000_000);
            context.close();
            assertThat(ppu.inventory()).isEqualTo(before);
            calm.fill32(buffer, 0, 3, 1024);
            calm.launch(good.kernel("scale"), Launch.linear(1024, 128), buffer, 4, 1024);
            calm.synchronize();
            assertThat(ppu.lost()).isFalse();
        }
    }

    @Test
    void whatTheKernelDoesNotDeclareIsRefusedAndNothingIsLost() throws TixException {
        try (Ppu ppu = Devices.open(Devices.simulated(1));
                Context context = ppu.createContext();
                PpuModule module = load(context);
                Stream stream = context
                        .createStream();
                DeviceBuffer buffer = context.allocate(64);
                Context other = ppu.createContext();
                PpuModule foreign = load(other)) {
            assertThatThrownBy(() -> module.kernel("scael")).isInstanceOf(PpuException.class).hasMessageContaining("scale, poke, forever");
            assertThatThrownBy(() -> stream.launch(module.kernel("scale"), ONE, buffer, 1L, 1)).isInstanceOf(PpuException.class)
                    .hasMessageContaining(
                            "argument 1 is Long, parameter factor is .u32");
            assertThatThrownBy(() -> stream.launch(foreign.kernel("scale"), ONE, buffer, 1, 1)).isInstanceOf(PpuException.class)
                    .hasMessageContaining(
                            "another context");
            assertThatThrownBy(() -> stream.launch(module.kernel("scale"), Launch.of(Extent.of(1), Extent.of(2000)), buffer, 1, 1))
                    .isInstanceOf(
                            PpuException.class);
            assertThatThrownBy(() -> context.loadModule("bad.tix", ".target ppu_10;\n.entry f()\n{\n    ppu.addd.u32 x, y, z;\n}\n"))
                    .isInstanceOf(
                            TixException.class)
                    .hasMessageContaining("bad.tix:4:5");
            module.close();
            assertThatThrownBy(() -> module.kernel("scale")).isInstanceOf(PpuException.class).hasMessageContaining("closed");
            assertThat(context.loadModule(TixAssembler.assemble("again.tix", TIX)).kernels()).hasSize(3);
        }
    }
}
