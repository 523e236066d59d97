package dev.openppu.harness.sim.work;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamMemoryOperation.WaitValue32;
import dev.openppu.driver.StreamMemoryOperation.WriteValue32;
import dev.openppu.harness.sim.check.Invariant;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Values of 32 bits that streams write and wait for, and times of the device. */
final class ValueSteps {
    private static final int PLACES = 512;
    private static final int HIGH_HALF = 0x1_0000;

    private final Workbench bench;
    private final Context context;
    private final DeviceBuffer places;
    private int taken;

    /** @param stream that sets what it takes to 0 */
    ValueSteps(Workbench bench, Stream stream) {
        this.bench = bench;
        this.context = bench.context();
        places = context.allocate((long) PLACES * Long.BYTES);
        stream.fill8(places, 0, (byte) 0, places.size());
        stream.synchronize();
    }

    void perform(Step step) {
        switch (step.kind()) {
            case VALUES_32 -> values(step);
            case TIMES -> times(step);
            default -> throw new IllegalArgumentException(step + " is not about values");
        }
    }

    /** Offset of a place that nobody has used, -1 if there is none left. */
    private long place() {
        return taken < PLACES ? (long) taken++ * Long.BYTES : -1;
    }

    /**
     * One stream writes half of a value, then work, then all of it; another waits for all of it, so that it must not go on between.
     */
    private void values(Step step) {
        long place = place();
        if (place < 0) {
            return;
        }
        Stream from = bench.stream(step);
        Stream to = bench.otherStream(step);
        Compare compare = step.below(3, 2) == 0 ? Compare.EQUAL : Compare.GREATER_OR_EQUAL;
        int low = 1 + step.below(4, HIGH_HALF - 1);
        int all = low + HIGH_HALF * (1 + step.below(5, 100));
        from.writeValue32(places, place, low);
        Contents contents = bench.buffer(step);
        bench.work(step, from);
        if (step.below(6, 2) == 0) {
            from.writeValue32(places, place, all);
            to.waitValue32(places, place, compare, all);
        } else {
            from.batchMemoryOperations(List.of(new WriteValue32(places, place, all)));
            to.batchMemoryOperations(List.of(new WaitValue32(places, place, compare, all)));
        }
        bench.follows(from, to);
        bench.order(contents, to, step);
    }

    /** Two events and a time stamp around work: in their order, and between the device's times before and behind all of it. */
    private void times(Step step) {
        Stream stream = bench.stream(step);
        long place = place();
        Ppu ppu = context.ppu();
        long before = ppu.deviceTime();
        try (Event first = context.createEvent(); Event second = context.createEvent()) {
            stream.record(first);
            bench.work(step, stream);
            if (place >= 0) {
                stream.timestamp(places, place);
            }
            stream.record(second);
            bench.synchronize(stream);
            long after = ppu.deviceTime();
            long begin = first.deviceNanos();
            long end = second.deviceNanos();
            requireOrder(step, "device time before, and the first event's", before, begin);
            if (place >= 0) {
                long[] stamp = new long[1];
                stream.copyToHost(MemorySegment.ofArray(stamp), places, place);
                requireOrder(step, "the first event's time, and the time stamp behind it", begin, stamp[0]);
                requireOrder(step, "the time stamp, and the second event's time", stamp[0], end);
            }
            requireOrder(step, "the first event's time, and the second's", begin, end);
            requireOrder(step, "the second event's time, and device time afterwards", end, after);
            long between = second.nanosSince(first);
            if (between != end - begin) {
                bench.rules().broken(Invariant.ORDER,
                        "%s in %s: the second event is said to be %d ns behind the first".formatted(step, stream,
                                between),
                        "%d ns: the difference of their times".formatted(end - begin));
            }
        }
    }

    private void requireOrder(Step step, String what, long earlier, long later) {
        if (later < earlier) {
            bench.rules().broken(Invariant.ORDER, "%s in %s: %s: %d ns, %d ns".formatted(step, bench, what, earlier, later),
                    "the first at or before the second");
        }
    }
}
