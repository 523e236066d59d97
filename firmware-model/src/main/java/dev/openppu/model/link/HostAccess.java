package dev.openppu.model.link;

import dev.openppu.model.fault.FaultPlan;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.FaultSource;
import dev.openppu.model.pcie.PcieFunction;
import dev.openppu.model.sim.World;
import java.lang.foreign.MemorySegment;

/**
 * How host software's loads and stores get to the function: each takes its time (a scheduling point when simulated) and happens under the device's exclusion.
 *
 * <p>Times are a host's: a posted write leaves at once, a read waits for the round trip.
 */
final class HostAccess {
    private static final long WRITE_NANOS = 40;
    private static final long HALF_READ_NANOS = 350;
    private static final long HALF_CONFIG_NANOS = 600;
    /** 64 bytes a nanosecond is PCIe 5.0 x16. */
    private static final int BURST_BYTES_LOG2 = 6;

    /** In the range that PCIe gives by default (50 us to 50 ms). */
    private static final long COMPLETION_TIMEOUT_NANOS = 10_000_000;
    private static final byte ALL_ONES = -1;

    private final World world;
    private final PcieFunction function;
    private final FaultPlan faults;

    HostAccess(World world, PcieFunction function, FaultPlan faults) {
        this.world = world;
        this.function = function;
        this.faults = faults;
    }

    int configRead(int offset, int bytes) {
        world.spend(HALF_CONFIG_NANOS);
        int value;
        world.enter();
        try {
            value = function.configRead(offset, bytes);
        } finally {
            world.exit();
        }
        world.spend(HALF_CONFIG_NANOS);
        return value;
    }

    void configWrite(int offset, int bytes, int value) {
        world.spend(HALF_CONFIG_NANOS);
        world.enter();
        try {
            function.configWrite(offset, bytes, value);
        } finally {
            world.exit();
        }
        world.spend(HALF_CONFIG_NANOS);
    }

    long read(long address, int bytes) {
        world.spend(HALF_READ_NANOS);
        if (unanswered()) {
            return -1L >>> 64 - 8 * bytes;
        }
        long value;
        world.enter();
        try {
            value = function.read(address, bytes);
        } finally {
            world.exit();
        }
        world.spend(HALF_READ_NANOS);
        return value;
    }

    void read(long address, MemorySegment destination) {
        world.spend(HALF_READ_NANOS + (destination.byteSize() >> BURST_BYTES_LOG2));
        if (unanswered()) {
            destination.fill(ALL_ONES);
            return;
        }
        world.enter();
        try {
            function.read(address, destination);
        } finally {
            world.exit();
        }
        world.spend(HALF_READ_NANOS);
    }

    void write(long address, int bytes, long value) {
        world.spend(WRITE_NANOS);
        if (lost()) {
            return;
        }
        world.enter();
        try {
            function.write(address, bytes, value);
        } finally {
            world.exit();
        }
    }

    void write(long address, MemorySegment source) {
        world.spend(WRITE_NANOS + (source.byteSize() >> BURST_BYTES_LOG2));
        if (lost()) {
            return;
        }
        world.enter();
        try {
            function.write(address, source);
        } finally {
            world.exit();
        }
    }

    /** The function never sees the read, or its answer never comes. */
    private boolean unanswered() {
        if (faults.strikes(FaultPoint.READ_TIMED_OUT) != FaultSource.NOTHING) {
            world.spend(COMPLETION_TIMEOUT_NANOS);
            return true;
        }
        return faults.strikes(FaultPoint.READ_ALL_ONES) != FaultSource.NOTHING;
    }

    private boolean lost() {
        return faults.strikes(FaultPoint.WRITE_LOST) != FaultSource.NOTHING;
    }
}
