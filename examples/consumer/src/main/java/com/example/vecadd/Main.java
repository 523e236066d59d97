package com.example.vecadd;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.Launch;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.PrimaryContext;
import dev.openppu.driver.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Adds two vectors on a device, timed by events. The only argument, if there is one, is the device's link. */
public final class Main {
    private static final int COUNT = 100_000;
    private static final long BYTES = 4L * COUNT;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        String link = arguments.length > 0 ? arguments[0] : "model:zw810e";
        try (Ppu ppu = Ppu.open(link); PrimaryContext.Retention primary = ppu.primaryContext().hold()) {
            System.out.println(ppu.info().product());
            add(primary.context());
        } catch (PpuException e) {
            System.err.println(e.getMessage()); // names the device, the object, the code, and what to do
            System.exit(1);
        }
    }

    private static void add(Context context) throws Exception {
        try (Context.Scope current = context.push();
                Stream stream = Context.requireCurrent().createStream();
                PpuModule module = context.loadModule("vecadd.tix", source());
                DeviceBuffer a = context.allocate(BYTES);
                DeviceBuffer b = context.allocate(BYTES);
                DeviceBuffer c = context.allocate(BYTES);
                PinnedBuffer sum = context.allocatePinned(BYTES);
                Event begin = context.createEvent();
                Event end = context.createEvent()) {
            float[] x = new float[COUNT];
            float[] y = new float[COUNT];
            for (int i = 0; i < COUNT; i++) {
                x[i] = i;
                y[i] = 0.5f * i;
            }
            stream.copyToDevice(a, 0, MemorySegment.ofArray(x));
            stream.copyToDevice(b, 0, MemorySegment.ofArray(y));
            stream.record(begin);
            stream.launch(module.kernel("vecadd"), Launch.linear(COUNT, 256), a, b, c, COUNT);
            stream.record(end);
            stream.copy(sum, 0, c, 0, BYTES);
            stream.done().join();
            for (int i = 0; i < COUNT; i++) {
                if (sum.segment().getAtIndex(ValueLayout.JAVA_FLOAT, i) != x[i] + y[i]) {
                    throw new AssertionError("element " + i);
                }
            }
            System.out.printf("%d sums, %d ns of device time%n", COUNT, end.nanosSince(begin));
        }
    }

    private static String source() throws IOException {
        try (InputStream text = Main.class.getResourceAsStream("vecadd.tix")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
