package dev.openppu.model.copy;

import dev.openppu.model.memory.VirtualPort;

/** Bytes from one place to another, ascending. */
final class LinearCopy extends Transfer {
    private final VirtualPort port;
    private final int context;
    private final long source;
    private final long destination;
    private final long length;
    private long done;

    LinearCopy(VirtualPort port, int context, long source, long destination, long length) {
        this.port = port;
        this.context = context;
        this.source = source;
        this.destination = destination;
        this.length = length;
    }

    @Override
    Step next() {
        boolean ok = port.copy(context, source + done, destination + done, Math.min(length - done, BURST_BYTES));
        done += port.copied();
        wrote(port.copied());
        return !ok ? Step.FAULT : done < length ? Step.MORE : Step.DONE;
    }
}
