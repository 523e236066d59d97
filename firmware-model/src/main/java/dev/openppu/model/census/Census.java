package dev.openppu.model.census;

import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.hal.ResetKind;

/**
 * How often a device has met each kind of packet, page fault and reset since it was made. Always on: a count is one addition. Counted under the device's exclusion; read when nothing
 * is under way, or as numbers that may be a moment old.
 */
public final class Census {
    private final long[] packets = new long[PacketKind.values().length];
    private final long[] pageFaults = new long[MmuReason.values().length];
    private final long[] resets = new long[DeviceReset.values().length];

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

    public long packets(PacketKind kind) {
        return packets[kind.ordinal()];
    }

    public long pageFaults(MmuReason reason) {
        return pageFaults[reason.ordinal()];
    }

    public long resets(DeviceReset what) {
        return resets[what.ordinal()];
    }
}
