package dev.openppu.bench.growth;

import dev.openppu.bench.growth.Curve.Point;
import dev.openppu.bench.host.OpenPpu;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Costs on a model in real time, with ever more objects there. Each cost is the median of some operations. */
public final class Growth {
    private static final int OPERATIONS = 31;
    private static final long PAGE = 4096;

    private final Consumer<String> progress;
    private final long most;

    /** @param most objects of a kind, whatever the curve asks for */
    public Growth(long most, Consumer<String> progress) {
        this.most = most;
        this.progress = progress;
    }

    /** All curves. */
    public List<Curve> curves() {
        return List.of(contexts(), streams(), allocations(), queues());
    }

    /** Something to do with the objects that are there. */
    private interface Step {
        void run();
    }

    private Curve contexts() {
        try (Ppu ppu = OpenPpu.at(OpenPpu.FREE_RUNNING)) {
            List<Context> held = new ArrayList<>();
            return grow("contexts", "create and close one more", 1_000, () -> held.add(ppu.createContext()),
                    () -> ppu.createContext().close());
        }
    }

    private Curve streams() {
        try (Ppu ppu = OpenPpu.at(OpenPpu.FREE_RUNNING); Context context = ppu.createContext()) {
            List<Stream> held = new ArrayList<>();
            DeviceBuffer word = context.allocate(PAGE);
            return grow("streams", "write a value on the last and wait for it", 10_000, () -> held.add(context.createStream()), () -> {
                Stream last = held.getLast();
                last.writeValue64(word, 0, 1);
                last.synchronize();
            });
        }
    }

    private Curve allocations() {
        try (Ppu ppu = OpenPpu.at(OpenPpu.FREE_RUNNING); Context context = ppu.createContext()) {
            List<DeviceBuffer> held = new ArrayList<>();
            return grow("allocations", "allocate and free one more (4 KiB)", 1_000_000, () -> held.add(context.allocate(PAGE)),
                    () -> context.allocate(PAGE).close());
        }
    }

    private Curve queues() {
        try (Ppu ppu = OpenPpu.at(OpenPpu.FREE_RUNNING)) {
            List<dev.openppu.bench.host.DriverQueue> held = new ArrayList<>();
            return grow("queues", "submit a packet to the last and poll it", 64, () -> held.add(OpenPpu.queue(ppu, 6)),
                    () -> held.getLast().poll(held.getLast().submit()));
        }
    }

    private Curve grow(String name, String cost, long wanted, Step add, Step operation) {
        List<Point> points = new ArrayList<>();
        long objects = 0;
        try {
            for (long next : steps(Math.min(wanted, most))) {
                progress.accept("growth: %d %s".formatted(next, name));
                for (; objects < next; objects++) {
                    add.run();
                }
                if (points.isEmpty()) {
                    warmUp(operation);
                }
                points.add(new Point(objects, 1e-3 * median(operation)));
            }
        } catch (PpuException e) {
            return new Curve(name, cost, "us", points, "ends at %d: %s".formatted(objects, e.getMessage()));
        }
        return new Curve(name, cost, "us", points, "");
    }

    private static void warmUp(Step operation) {
        for (int i = 0; i < 20 * OPERATIONS; i++) {
            operation.run();
        }
    }

    /** 1, 2, 5, 10, 20, … and the last. */
    private static List<Long> steps(long last) {
        List<Long> steps = new ArrayList<>();
        for (long decade = 1; decade <= last; decade *= 10) {
            for (long step : new long[]{decade, 2 * decade, 5 * decade}) {
                if (step < last) {
                    steps.add(step);
                }
            }
        }
        steps.add(last);
        return steps;
    }

    private static double median(Step operation) {
        double[] nanos = new double[OPERATIONS];
        for (int i = 0; i < OPERATIONS; i++) {
            long start = System.nanoTime();
            operation.run();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[OPERATIONS / 2];
    }
}
