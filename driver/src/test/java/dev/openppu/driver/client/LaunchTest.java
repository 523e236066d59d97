package dev.openppu.driver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.code.KernelParameter;
import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.fake.ManualRuntime;
import dev.openppu.driver.owner.OwnerService;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shapes and arguments of launches. */
class LaunchTest {
    private final MemorySegment status = Arena.ofAuto().allocate(8, 8);
    private final ContextLink link = new ContextLink(mock(OwnerService.class), new ManualRuntime(), "card",
            new OwnerService.ContextGrant(1, 0, status), 1);
    private final MemorySegment block = Arena.ofAuto().allocate(64, 8);

    private static KernelInfo kernel(int registers, int shared, int maxThreads, KernelParameter... parameters) {
        return new KernelInfo("k", 0, registers, 0, shared, 0, maxThreads, 64, List.of(parameters));
    }

    private void refused(HgResult result, KernelInfo kernel, Launch launch, String text) {
        assertThatThrownBy(() -> LaunchLimits.check(link, kernel, launch)).isInstanceOfSatisfying(PpuException.class,
                e -> assertThat(e.hgresult()).isEqualTo(result)).hasMessageContaining(text);
    }

    @Test
    void shapesAreHeldToThePublishedLimits() {
        KernelInfo any = kernel(32, 0, 0);
        assertThatCode(() -> LaunchLimits.check(link, any, Launch.of(Extent.of(Integer.MAX_VALUE, 1, 1), Extent.of(1024))))
                .doesNotThrowAnyException();
        assertThatCode(() -> LaunchLimits.check(link, any, Launch.of(Extent.of(1), Extent.of(8, 1, 128)))).doesNotThrowAnyException();
        refused(HgResult.INVALID_VALUE, any, Launch.of(Extent.of(0), Extent.of(1)), "grid (0, 1, 1) is empty");
        refused(HgResult.INVALID_VALUE, any, Launch.of(Extent.of(1), Extent.of(1025)), "out of range");
        refused(HgResult.INVALID_VALUE, any, Launch.of(Extent.of(1), Extent.of(1, 1, 129)), "out of range");
        refused(HgResult.INVALID_VALUE, any, Launch.of(Extent.of(1), Extent.of(32, 33)), "1056 threads");
        refused(HgResult.INVALID_VALUE, kernel(32, 0, 64), Launch.of(Extent.of(1), Extent.of(65)), "at most 64");
        refused(HgResult.LAUNCH_OUT_OF_RESOURCES, kernel(65, 0, 0), Launch.of(Extent.of(1), Extent.of(1024)), "registers");
        refused(HgResult.LAUNCH_OUT_OF_RESOURCES, kernel(1, 200_000, 0), new Launch(Extent.of(1), Extent.of(1), 100_000), "shared memory");
        refused(HgResult.LAUNCH_OUT_OF_RESOURCES, kernel(1, 0, 0), new Launch(Extent.of(1), Extent.of(1), -1), "shared memory");
    }

    @Test
    void argumentsLandWhereTheKernelDeclaresThem() {
        KernelInfo kernel = kernel(1, 0, 0, new KernelParameter("a", DataType.U32, 0, 4), new KernelParameter("b", DataType.U64, 8, 8),
                new KernelParameter("c",
                        DataType.F32, 16, 4),
                new KernelParameter("d", DataType.F64, 24, 8), new KernelParameter("e", DataType.S16, 32, 2), new KernelParameter("f",
                        DataType.U8, 34, 1),
                new KernelParameter("g", DataType.B8, 36, 4));
        new Arguments(link).write(kernel,
                new Object[]{0x01020304, 0x1122334455667788L, 1.5f, -2.0, (short) -2, (byte) 7, MemorySegment.ofArray(new byte[]{9, 8,
                    7, 6})},
                block, 0);
        assertThat(HexFormat.of().formatHex(block.asSlice(0, 40).toArray(ValueLayout.JAVA_BYTE)))
                .isEqualTo("0403020100000000" + "8877665544332211"
                        + "0000c03f00000000" + "00000000000000c0" + "feff070009080706");
    }

    @Test
    void argumentsOfAnotherTypeAreRefusedByName() {
        KernelInfo kernel = kernel(1, 0, 0, new KernelParameter("n", DataType.U32, 0, 4));
        assertThatThrownBy(() -> new Arguments(link).write(kernel, new Object[]{1L}, block, 0))
                .hasMessageContaining("argument 0 is Long, parameter n is .u32")
                .hasMessageContaining("(.u32 n)");
        assertThatThrownBy(() -> new Arguments(link).write(kernel, new Object[]{1.0f}, block, 0)).hasMessageContaining("Float");
        assertThatThrownBy(() -> new Arguments(link).write(kernel, new Object[]{}, block, 0))
                .hasMessageContaining("0 arguments given, 1 parameters");
        assertThatThrownBy(() -> new Arguments(link).write(kernel, new Object[]{MemorySegment.ofArray(new byte[3])}, block, 0))
                .hasMessageContaining(
                        "a segment of 3 bytes");
    }
}
