package dev.openppu.harness.bringup;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.Kernel;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/** Stage 8: the driver brings the device up and kernels run; their results are those of plain Java. */
final class KernelCases {
    private static final int BLOCK = 128;
    /** Sizes that fill no block, one, and many with a rest. */
    private static final int[] SIZES = {1, 31, 33, 128, 1000, 5003};

    private KernelCases() {}

    static Stage stage() {
        Rule results = new Rule("A kernel's results are those of the same computation in plain Java, bit for bit",
                "facts §10; docs/device.md §5");
        return new Stage("kernels", "Driver and kernels", List.of(
                Case.of("kernels.bring-up", "The driver brings the device up",
                        new Rule("Probe, reset, firmware, messages, memory, queues", "docs/device.md §1-6"),
                        KernelCases::bringUp).gating(),
                Case.of("kernels.integer", "Integer arithmetic", results, KernelCases::integer),
                Case.of("kernels.divergent", "Branches that diverge", results, KernelCases::divergent),
                Case.of("kernels.shared", "Shared memory and barriers", results, KernelCases::shared),
                Case.of("kernels.floats", "Floating arithmetic and conversions", results, KernelCases::floats),
                Case.of("kernels.dimensions", "Three dimensions",
                        Rule.guide(5, "A dispatch runs every block of the grid and every thread of a block once"),
                        KernelCases::dimensions),
                Case.of("kernels.events", "Streams and events",
                        new Rule("Work behind an event starts after what the event records", "facts §9.1"),
                        KernelCases::events),
                Case.of("kernels.future", "Completion as a future", new Rule("A stream's future completes when its work has", "driver API"),
                        KernelCases::future)));
    }

    private static void bringUp(Bench bench) {
        PpuInfo info = bench.ppu().info();
        bench.note("%s: %d compute units, %d GiB".formatted(info.product(), info.computeUnits(), info.memoryBytes() >> 30));
    }

    private static void integer(Bench bench) {
        eachSize(bench, "mix", (kernel, data, expected) -> {
            for (int i = 0; i < data.length; i++) {
                int x = data[i];
                int smaller = Integer.compareUnsigned(x, i) < 0 ? x : i;
                expected[i] = (x * 0x9e3779b1 + i ^ x >>> 7) - smaller;
            }
        }, i -> i * 0x01000193 ^ 0x811c9dc5);
    }

    private static void floats(Bench bench) {
        eachSize(bench, "floats", (kernel, data, expected) -> {
            for (int i = 0; i < data.length; i++) {
                float x = data[i];
                float root = (float) Math.sqrt(Math.fma(x, x, (float) i));
                expected[i] = Float.floatToRawIntBits(root / (x + 3.0f));
            }
        }, i -> i * 7 - 1000);
    }

    private static void eachSize(Bench bench, String name, Twin twin, IntUnaryOperator input) {
        try (Context context = Presence.computing(bench).createContext(); Stream stream = context.createStream()) {
            PpuModule module = Kernels.load(context);
            for (int size : SIZES) {
                int[] data = new int[size];
                for (int i = 0; i < size; i++) {
                    data[i] = input.applyAsInt(i);
                }
                int[] expected = new int[size];
                twin.compute(module.kernel(name), data, expected);
                DeviceBuffer in = Kernels.upload(context, data);
                DeviceBuffer out = Kernels.upload(context, new int[size]);
                stream.launch(module.kernel(name), Launch.linear(size, BLOCK), in, out, size);
                stream.synchronize();
                expect(name + " of " + size, expected, Kernels.download(context, out, size));
                in.close();
                out.close();
            }
        }
    }

    private static void divergent(Bench bench) {
        int size = 777;
        try (Context context = Presence.computing(bench).createContext(); Stream stream = context.createStream()) {
            PpuModule module = Kernels.load(context);
            DeviceBuffer out = Kernels.upload(context, new int[size]);
            stream.launch(module.kernel("collatz"), Launch.linear(size, 96), out, size);
            stream.synchronize();
            int[] expected = new int[size];
            for (int i = 0; i < size; i++) {
                for (int value = i + 1; value != 1; expected[i]++) {
                    value = (value & 1) == 0 ? value >>> 1 : value * 3 + 1;
                }
            }
            expect("collatz", expected, Kernels.download(context, out, size));
        }
    }

    private static void shared(Bench bench) {
        int blocks = 9;
        try (Context context = Presence.computing(bench).createContext(); Stream stream = context.createStream()) {
            PpuModule module = Kernels.load(context);
            int[] data = new int[blocks * 256];
            int[] expected = new int[blocks];
            for (int i = 0; i < data.length; i++) {
                data[i] = i * i + 17;
                expected[i / 256] += data[i];
            }
            DeviceBuffer in = Kernels.upload(context, data);
            DeviceBuffer out = Kernels.upload(context, new int[blocks]);
            stream.launch(module.kernel("reduce"), Launch.of(Extent.of(blocks), Extent.of(256)), in, out);
            stream.synchronize();
            expect("reduce", expected, Kernels.download(context, out, blocks));
        }
    }

    private static void dimensions(Bench bench) {
        Extent grid = Extent.of(3, 2, 4);
        Extent block = Extent.of(5, 7, 2);
        int threads = 3 * 2 * 4 * 5 * 7 * 2;
        try (Context context = Presence.computing(bench).createContext(); Stream stream = context.createStream()) {
            PpuModule module = Kernels.load(context);
            DeviceBuffer out = Kernels.upload(context, new int[threads]);
            stream.launch(module.kernel("where"), Launch.of(grid, block), out);
            stream.synchronize();
            int[] expected = new int[threads];
            int at = 0;
            for (int bz = 0; bz < grid.z(); bz++) {
                for (int by = 0; by < grid.y(); by++) {
                    for (int bx = 0; bx < grid.x(); bx++) {
                        for (int tz = 0; tz < block.z(); tz++) {
                            for (int ty = 0; ty < block.y(); ty++) {
                                for (int tx = 0; tx < block.x(); tx++) {
                                    expected[at++] = ((((bz * 32 + by) * 32 + bx) * 32 + tz) * 32 + ty) * 32 + tx;
                                }
                            }
                        }
                    }
                }
            }
            expect("where", expected, Kernels.download(context, out, threads));
        }
    }

    private static void events(Bench bench) {
        int size = 4096;
        int rounds = 4;
        try (Context context = Presence.computing(bench).createContext();
                Stream first = context.createStream();
                Stream second = context.createStream()) {
            Kernel mix = Kernels.load(context).kernel("mix");
            int[] data = new int[size];
            DeviceBuffer a = Kernels.upload(context, data);
            DeviceBuffer b = Kernels.upload(context, data);
            List<Event> events = new ArrayList<>();
            int[] expected = data.clone();
            for (int i = 0; i < rounds; i++) {
                Stream stream = i % 2 == 0 ? first : second;
                if (!events.isEmpty()) {
                    stream.waitFor(events.getLast());
                }
                stream.launch(mix, Launch.linear(size, BLOCK), i % 2 == 0 ? a : b, i % 2 == 0 ? b : a, size);
                Event event = context.createEvent();
                stream.record(event);
                events.add(event);
                for (int n = 0; n < size; n++) {
                    int x = expected[n];
                    expected[n] = (x * 0x9e3779b1 + n ^ x >>> 7) - (Integer.compareUnsigned(x, n) < 0 ? x : n);
                }
            }
            context.synchronize();
            expect("a chain over two streams", expected, Kernels.download(context, rounds % 2 == 0 ? a : b, size));
        }
    }

    private static void future(Bench bench) throws Exception {
        int size = 1000;
        try (Context context = Presence.computing(bench).createContext(); Stream stream = context.createStream()) {
            DeviceBuffer out = Kernels.upload(context, new int[size]);
            stream.launch(Kernels.load(context).kernel("collatz"), Launch.linear(size, BLOCK), out, size);
            stream.done().get(60, TimeUnit.SECONDS);
            Check.equal("collatz(27)", 111, Kernels.download(context, out, size)[26]);
        }
    }

    private static void expect(String what, int[] expected, int[] seen) {
        Check.bytes(what, bytes(expected), bytes(seen));
    }

    private static byte[] bytes(int[] words) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asIntBuffer().put(words);
        return buffer.array();
    }

    private interface Twin {
        void compute(Kernel kernel, int[] data, int[] expected);
    }
}
