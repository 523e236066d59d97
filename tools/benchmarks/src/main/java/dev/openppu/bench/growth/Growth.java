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

/**
 * Costs on a model in real time, with ever more objects there: of an operation, the median of some of them, and of making an object, the mean of those made since the point
 * before, so that what grows with the square of their number shows.
 */
public final class Growth {
    /** What is counted, in the order of {@link #curves}. */
    public static final List<String> KINDS = List.of("contexts", "streams", "allocations", "queues");

    private static final int OPERATIONS = 31;
    private static final long PAGE = 4096;

    private final Consumer<String> progress;
    private final long most;

    /** @param most objects of a kind, whatever the curve asks for */
    public Growth(long most, Consumer<String> progress) {
        this.most = most;
        this.progress = progress;
    }

    /**
     * Two curves a kind: the operation's, and the making's.
     *
     * @param kind one of {@link #KINDS}
     */
    public List<Curve> curves(String kind) {
        return switch (kind) {
            case "contexts" -> contexts();
            case "streams" -> streams();
            case "allocations" -> allocations();
            case "queues" -> queues();
            default -> throw new IllegalArgumentException("nothing grows by the name of '%s': there are %s".formatted(kind, KINDS));
        };
    }

    /** Something to do with the objects that are there. */
    private interface Step {
        void run();
    }

    private List<Curve> contexts() {
        try (Ppu ppu = OpenPpu.at(OpenPpu.FREE_RUNNING)) {
            List<Context> held = new ArrayList<>();
            return grow("contexts", "create and close one more", 1_000, () -> held.add(ppu.createContext()),
                    () -> ppu.createContext().close());
        }
    }

    private List<Curve> streams() {
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

    private List<Curve> allocations() {
        try (Ppu ppu = OpenPpu.at(OpenPpu.FREE_RUNNING); Context context = ppu.createContext()) {
            List<DeviceBuffer> held = new ArrayList<>();
            return grow("allocations", "allocate and free one more (4 KiB)", 1_000_000, () -> held.add(context.allocate(PAGE)),
                    () -> context.allocate(PAGE).close());
        }
    }

    private List<Curve> queues() {
        try (Ppu ppu = OpenPpu.at(OpenPpu.FREE_RUNNING)) {
            List<dev.openppu.bench.host.DriverQueue> held = new ArrayList<>();
            return grow("queues", "submit a packet to the last and poll it", 64, () -> held.add(OpenPpu.queue(ppu, 6)),
                    () -> held.getLast().poll(held.getLast().submit()));
        }
    }

    private List<Curve> grow(String name, String cost, long wanted, Step add, Step operation) {
        List<Point> operations = new ArrayList<>();
        List<Point> makings = new ArrayList<>();
        long objects = 0;
        String remark = "";
        try {
            for (long next : steps(Math.min(wanted, most))) {
                progress.accept("growth, %s: %d".formatted(name, next));
                long before = objects;
                long start = System.nanoTime();
                for (; objects < next; objects++) {
                    add.run();
                }
                makings.add(new Point(objects, 1e-3 * (System.nanoTime() - start) / (objects - before)));
                if (operations.isEmpty()) {
                    warmUp(operation);
                }
                operations.add(new Point(objects, 1e-3 * median(operation)));
            }
        } catch (PpuException e) {
            remark = "ends at %d: %s".formatted(objects, e.getMessage());
        }
        return List.of(new Curve(name, cost, "us", operations, remark), new Curve(name, "make one", "us", makings, remark));
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
