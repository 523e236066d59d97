package dev.openppu.model.copy;

import dev.openppu.abi.packet.ScatterGatherEntry;
import dev.openppu.model.memory.VirtualPort;
import java.lang.foreign.MemorySegment;

/** The pieces that a scatter-gather list names, in the list's order; small pieces share a burst. */
final class ListCopy extends Transfer {
    private final VirtualPort port;
    private final int context;
    private final MemorySegment entry = MemorySegment.ofArray(new long[ScatterGatherEntry.BYTES / Long.BYTES]);
    private final long list;
    private final long entries;
    private long index;
    private long done;
    private boolean loaded;

    ListCopy(VirtualPort port, int context, long list, long entries) {
        this.port = port;
        this.context = context;
        this.list = list;
        this.entries = entries;
    }

    @Override
    Step next() {
        long budget = BURST_BYTES;
        while (budget > 0 && index < entries) {
            if (!loaded) {
                if (!port.read(context, place(), entry)) {
                    return Step.FAULT;
                }
                if (!ScatterGatherEntry.reservedClear(entry, 0) || ScatterGatherEntry.length(entry, 0) < 0) {
                    return Step.MALFORMED;
                }
                loaded = true;
                done = 0;
            }
            long chunk = Math.min(budget, ScatterGatherEntry.length(entry, 0) - done);
            boolean ok = port.copy(context, ScatterGatherEntry.source(entry, 0) + done, ScatterGatherEntry.destination(entry, 0) + done,
                    chunk);
            wrote(port.copied());
            if (!ok) {
                return Step.FAULT;
            }
            done += chunk;
            budget -= Math.max(chunk, 1);
            if (done == ScatterGatherEntry.length(entry, 0)) {
                loaded = false;
                index++;
            }
        }
        return index < entries ? Step.MORE : Step.DONE;
    }

    @Override
    long place() {
        return list + index * ScatterGatherEntry.BYTES;
    }
}
