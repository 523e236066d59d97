package dev.openppu.model.census;

import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.hal.ResetKind;
import java.util.ArrayDeque;
import java.util.List;

/**
 * How often a device has met each kind of packet, page fault and reset since it was made, and the faults that its hardware latched for the firmware. Always on: a count is one addition.
 * Counted under the device's exclusion; counts are read when nothing is under way, or as numbers that may be a moment old.
 */
public final class Census {
    /** As many as a driver keeps XIDs. */
    private static final int LATCHED_KEPT = 1024;

    private final long[] packets = new long[PacketKind.values().length];
    private final long[] pageFaults = new long[MmuReason.values().length];
    private final long[] resets = new long[DeviceReset.values().length];
    private final ArrayDeque<FaultReport> latched = new ArrayDeque<>();
    private long latchedEver;

    /** A packet that begins with this word starts. */
    public void packet(int word) {
        packets[PacketKind.of(word).ordinal()]++;
    }

    public void pageFault(MmuReason reason) {
        pageFaults[reason.ordinal()]++;
    }

    public void queueReset() {
        resets[DeviceReset.QUEUE.ordinal()]++;
    }

    public void reset(Engine engine) {
        resets[DeviceReset.of(engine).ordinal()]++;
    }

    public void reset(ResetKind kind) {
        resets[DeviceReset.of(kind).ordinal()]++;
    }

    /** A fault is on its way to the firmware. */
    public void latched(FaultReport fault) {
        if (latched.size() == LATCHED_KEPT) {
            latched.remove();
        }
        latched.add(fault);
        latchedEver++;
    }

    public long packets(PacketKind kind) {
        return packets[kind.ordinal()];
    }

    public long pageFaults(MmuReason reason) {
        return pageFaults[reason.ordinal()];
    }

    public long resets(DeviceReset what) {
        return resets[what.ordinal()];
    }

    /** The last faults that hardware latched, oldest first. Under the device's exclusion only. */
    public List<FaultReport> latched() {
        return List.copyOf(latched);
    }

    /** How many there were in all. */
    public long latchedEver() {
        return latchedEver;
    }
}
