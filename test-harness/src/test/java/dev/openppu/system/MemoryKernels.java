package dev.openppu.system;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.Kernel;
import dev.openppu.driver.Launch;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import dev.openppu.driver.tix.TixException;

/** Kernels of one thread that load or store at any address, as a program would that kept a pointer. */
final class MemoryKernels {
    private static final Launch ONE = Launch.of(new Launch.Extent(1, 1, 1), new Launch.Extent(1, 1, 1));
    private static final String TIX = """
            .entry load(.param .u64 from, .param .u64 to) {
                .reg .u64 a, b;
                .reg .u32 x;
                ppu.ld.param.u64 a, [from];
                ppu.ld.param.u64 b, [to];
                ppu.ld.global.u32 x, [a];
                ppu.st.global.u32 [b], x;
            }
            .entry store(.param .u64 to, .param .u32 value) {
                .reg .u64 a;
                .reg .u32 x;
                ppu.ld.param.u64 a, [to];
                ppu.ld.param.u32 x, [value];
                ppu.st.global.u32 [a], x;
            }
            """;

    private final Kernel load;
    private final Kernel store;

    MemoryKernels(Context context) {
        PpuModule module = module(context);
        load = module.kernel("load");
        store = module.kernel("store");
    }

    void load(Stream stream, long from, DeviceMemory to) {
        stream.launch(load, ONE, from, to);
    }

    void store(Stream stream, long to, int value) {
        stream.launch(store, ONE, to, value);
    }

    Kernel store() {
        return store;
    }

    private static PpuModule module(Context context) {
        try {
            return context.loadModule("memory.tix", TIX);
        } catch (TixException e) {
            throw new AssertionError(e);
        }
    }
}
