package dev.openppu.harness.observe;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads 64-bit values out of device memory. */
final class Stamps {
    private Stamps() {}

    static long read(Context context, DeviceMemory memory) {
        MemorySegment bytes = MemorySegment.ofArray(new long[1]);
        context.copyToHost(bytes, memory, 0);
        return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }
}
