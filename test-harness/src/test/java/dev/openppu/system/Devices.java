package dev.openppu.system;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkRuntime;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The links that system tests run on: the model under both clocks, the simulated one with several seeds. */
final class Devices {
    static final String FREE = "model:zw810e?clock=free";
    private static final long SEEDS = 6;
    private static final int WORK_BYTES = 1 << 20;

    private Devices() {}

    /** For {@code @MethodSource}. */
    static Stream<String> links() {
        return Stream.concat(simulated(), Stream.of(FREE));
    }

    /** For {@code @MethodSource}. */
    static Stream<String> simulated() {
        return LongStream.rangeClosed(1, SEEDS).mapToObj(Devices::simulated);
    }

    static String simulated(long seed) {
        return "model:zw810e?clock=sim&seed=" + seed;
    }

    /** A device whose streams do not wait long for what never ends. */
    static Ppu open(String uri) {
        return Ppu.open(uri, PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).build());
    }

    /** Has a new context work, and looks at what comes of it. */
    static void work(Ppu ppu) {
        try (Context context = ppu.createContext(); DeviceBuffer buffer = context.allocate(WORK_BYTES)) {
            byte[] back = new byte[WORK_BYTES];
            context.fill8(buffer, 0, (byte) 0x5a, WORK_BYTES);
            context.copyToHost(MemorySegment.ofArray(back), buffer, 0);
            for (byte each : back) {
                if (each != 0x5a) {
                    throw new AssertionError("a fill left 0x%02x".formatted(each));
                }
            }
        }
    }

    /** Runs bodies side by side on threads of the link's, waits for all, and throws what the first of them threw. */
    static void sideBySide(DeviceLink link, List<Runnable> bodies) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<LinkRuntime.Worker> workers = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            Runnable body = bodies.get(i);
            workers.add(link.runtime().start("test-" + i, () -> {
                try {
                    body.run();
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        workers.forEach(worker -> worker.join(LinkRuntime.NEVER));
        if (failure.get() != null) {
            throw new AssertionError("a thread failed: " + failure.get(), failure.get());
        }
    }
}
