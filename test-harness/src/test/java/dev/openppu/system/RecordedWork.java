package dev.openppu.system;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import dev.openppu.harness.sim.work.StepKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies both ways and a kernel between them. */
final class RecordedWork {
    private static final int NUMBERS = 4096;

    private RecordedWork() {}

    static void run(Ppu ppu, int value) {
        try (Context context = ppu.createContext(); Arena arena = Arena.ofConfined(); Stream stream = context.createStream()) {
            MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, NUMBERS);
            for (int i = 0; i < NUMBERS; i++) {
                numbers.setAtIndex(ValueLayout.JAVA_INT, i, i * value);
            }
            DeviceBuffer buffer = context.allocate(numbers.byteSize());
            stream.copyToDevice(buffer, 0, numbers);
            stream.launch(context.loadModule(StepKernel.CODE).kernel(StepKernel.NAME), Launch.of(Extent.of(NUMBERS / 256), Extent.of(256)),
                    buffer, NUMBERS, 1);
            stream.copyToHost(numbers, buffer, 0);
            stream.synchronize();
            for (int i = 0; i < NUMBERS; i++) {
                if (numbers.getAtIndex(ValueLayout.JAVA_INT, i) != StepKernel.of(i * value, 1)) {
                    throw new AssertionError("number " + i + " is wrong");
                }
            }
        }
    }
}
