package dev.openppu.model.device;

import dev.openppu.abi.code.KernelDescriptor;
import dev.openppu.abi.packet.KernelDispatchPacket;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/** The kernels of kernels.tix in a context's device memory: code at its begin, descriptors and parameters behind. */
final class TestKernels {
    static final long TEXT = TestContext.DEVICE_VA;
    static final long DESCRIPTORS = TEXT + 0x1_0000;
    static final long PARAMETERS = TEXT + 0x2_0000;

    enum Name {
        NUMBER(0, 8, 12), FOREVER(320, 0, 0), LOAD(352, 3, 8), STORE(448, 3, 8), DIVIDE(576, 2, 4);

        private final int entry;
        private final int registers;
        private final int parameterBytes;

        Name(int entry, int registers, int parameterBytes) {
            this.entry = entry;
            this.registers = registers;
            this.parameterBytes = parameterBytes;
        }

        long descriptor() {
            return DESCRIPTORS + ordinal() * 64L;
        }
    }

    private final TestContext context;
    private int parameterSlot;

    TestKernels(TestContext context) {
        this.context = context;
        byte[] text = text();
        Bench bench = context.bench;
        bench.regs.memory().writeWindow(context.devicePa);
        bench.bar2.writeBytes(0, MemorySegment.ofArray(text));
        for (Name name : Name.values()) {
            KernelDescriptor descriptor = new KernelDescriptor(TEXT, text.length, name.entry, 0, 0, name.registers, 0, 0, 0,
                    name.parameterBytes, 0);
            bench.bar2.writeBytes(name.descriptor() - TEXT, MemorySegment.ofArray(descriptor.toBytes()));
        }
        bench.regs.memory().writeWindow(0);
    }

    static byte[] text() {
        try (InputStream in = Objects.requireNonNull(TestKernels.class.getResourceAsStream("kernels.hex"))) {
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** VA of a parameter block of a 64-bit value and a 32-bit one. */
    long parameters(long first, int second) {
        long at = PARAMETERS + 64L * parameterSlot++;
        Bench bench = context.bench;
        MemorySegment block = MemorySegment.ofArray(new long[2]);
        block.set(ValueLayout.JAVA_LONG, 0, first);
        block.set(ValueLayout.JAVA_INT, 8, second);
        bench.regs.memory().writeWindow(context.devicePa);
        bench.bar2.writeBytes(at - TEXT, block);
        bench.regs.memory().writeWindow(0);
        return at;
    }

    /** Publishes a dispatch, rings, returns its signal. */
    long launch(TestQueue queue, Name name, int grid, int block, long parameters) {
        return launch(queue, name.descriptor(), grid, block, parameters);
    }

    long launch(TestQueue queue, long descriptor, int grid, int block, long parameters) {
        long signal = queue.signal();
        queue.put(KernelDispatchPacket.word(false, 2, 2, 1), (ring, base) -> {
            KernelDispatchPacket.encodeShape(ring, base, block, 1, 1, grid, 1, 1, 0);
            KernelDispatchPacket.encodeAddresses(ring, base, descriptor, parameters, signal);
        });
        queue.ring();
        return signal;
    }
}
