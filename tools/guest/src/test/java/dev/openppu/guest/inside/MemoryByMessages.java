package dev.openppu.guest.inside;

import static dev.openppu.guest.inside.KernelPathsProgram.say;

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

/** The driver on a PPU whose server cannot map the guest's memory: firmware, small copies of every length and alignment, a kernel, and a copy that takes more than one message. */
record MemoryByMessages(String ppu) {
    private static final int[] LENGTHS = {1, 2, 3, 4, 7, 8, 16, 60, 64, 100, 1000, 4096, 4097, 8000, 8192};
    private static final int ALIGNMENTS = 16;
    private static final int NUMBERS = 4096;
    private static final int LONG_COPY = 1 << 20;

    void run() {
        try (Ppu device = Ppu.open("vfio:" + ppu + "?timescale=4");
                Context context = device.createContext();
                Stream stream = context.createStream();
                Arena arena = Arena.ofConfined()) {
            say("memory by messages: %d copies, %d numbers, %d bytes", copies(context, stream, arena), numbers(context, stream, arena),
                    copied(context, stream, arena, 0, LONG_COPY));
        }
    }

    /** Copies there and back that were right. */
    private static int copies(Context context, Stream stream, Arena arena) {
        int right = 0;
        for (int length : LENGTHS) {
            for (int alignment = 0; alignment < ALIGNMENTS; alignment++) {
                right += copied(context, stream, arena, alignment, length) == length ? 1 : 0;
            }
        }
        return right;
    }

    /** Bytes that are right after they were copied there and back. */
    private static long copied(Context context, Stream stream, Arena arena, int alignment, int length) {
        MemorySegment there = arena.allocate(length + (long) alignment, 64).asSlice(alignment);
        MemorySegment back = arena.allocate(length + 1L, 64);
        for (int i = 0; i < length; i++) {
            there.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 7 + alignment + 1));
        }
        try (DeviceBuffer buffer = context.allocate(length + (long) ALIGNMENTS)) {
            stream.copyToDevice(buffer, alignment, there);
            stream.copyToHost(back.asSlice(0, length), buffer, alignment);
            stream.synchronize();
        }
        boolean beyond = back.get(ValueLayout.JAVA_BYTE, length) != 0;
        long wrong = MemorySegment.mismatch(there, 0, length, back, 0, length);
        return beyond ? 0 : wrong < 0 ? length : wrong;
    }

    /** Numbers that a kernel has got right. */
    private static int numbers(Context context, Stream stream, Arena arena) {
        MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, NUMBERS);
        for (int i = 0; i < NUMBERS; i++) {
            numbers.setAtIndex(ValueLayout.JAVA_INT, i, i * 3);
        }
        try (DeviceBuffer buffer = context.allocate(numbers.byteSize())) {
            stream.copyToDevice(buffer, 0, numbers);
            stream.launch(context.loadModule(StepKernel.CODE).kernel(StepKernel.NAME), Launch.of(Extent.of(NUMBERS / 256), Extent.of(256)),
                    buffer, NUMBERS, 1);
            stream.copyToHost(numbers, buffer, 0);
            stream.synchronize();
        }
        int right = 0;
        for (int i = 0; i < NUMBERS; i++) {
            right += numbers.getAtIndex(ValueLayout.JAVA_INT, i) == StepKernel.of(i * 3, 1) ? 1 : 0;
        }
        return right;
    }
}
