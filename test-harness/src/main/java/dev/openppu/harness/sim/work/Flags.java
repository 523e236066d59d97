package dev.openppu.harness.sim.work;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Stream;

/** Values by which one stream lets another one go on. Each has a place of its own: of two streams that write to one the slower would win. */
final class Flags {
    private static final long PLACES = 512;

    private final DeviceBuffer places;
    private int taken;

    Flags(Context context) {
        places = context.allocate(PLACES * Long.BYTES);
        context.fill8(places, 0, (byte) 0, PLACES * Long.BYTES);
        context.synchronize();
    }

    /** One stream writes a value behind its work, another waits for it. */
    void hand(Workbench bench, Step step) {
        Stream from = bench.stream(step);
        Stream to = bench.otherStream(step);
        long place = taken++ % PLACES * Long.BYTES;
        from.writeValue64(places, place, step.number() + 1L);
        to.waitValue64(places, place, Compare.GREATER_OR_EQUAL, step.number() + 1L);
        bench.follows(from, to);
    }
}
