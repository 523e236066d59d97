package dev.openppu.harness.bringup;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.tix.TixAssembler;
import dev.openppu.driver.tix.TixException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The suite's kernels, and data for them. */
final class Kernels {
    private static final String SOURCE = "kernels.tix";
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

    private Kernels() {}

    static PpuModule load(Context context) {
        return context.loadModule(assembled());
    }

    static CodeObject assembled() {
        return assembled(SOURCE);
    }

    /** @param source a resource of this package */
    static CodeObject assembled(String source) {
        try (InputStream in = Objects.requireNonNull(Kernels.class.getResourceAsStream(source), source)) {
            return assembled(source, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + source, e);
        }
    }

    /** @param name of the text, for messages */
    static CodeObject assembled(String name, String text) {
        return assembled(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static CodeObject assembled(String name, byte[] text) {
        try {
            return TixAssembler.assemble(name, text);
        } catch (TixException e) {
            throw new IllegalStateException("the suite's kernels do not assemble: " + e.getMessage(), e);
        }
    }

    static DeviceBuffer upload(Context context, int[] words) {
        DeviceBuffer buffer = context.allocate(4L * words.length);
        upload(context, buffer, words);
        return buffer;
    }

    /** Writes a buffer from its begin on. */
    static void upload(Context context, DeviceBuffer buffer, int[] words) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(4L * words.length, 4);
            MemorySegment.copy(words, 0, host, U32, 0, words.length);
            context.copyToDevice(buffer, 0, host);
        }
    }

    static int[] download(Context context, DeviceBuffer buffer, int count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(4L * count, 4);
            context.copyToHost(host, buffer, 0);
            return host.toArray(U32);
        }
    }
}
