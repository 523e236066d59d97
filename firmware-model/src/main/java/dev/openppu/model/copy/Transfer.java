package dev.openppu.model.copy;

import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.model.command.Packet;
import dev.openppu.model.memory.VirtualPort;
import java.lang.foreign.MemorySegment;

/** The work of one packet, in bursts of at most {@link #BURST_BYTES}. */
abstract sealed class Transfer permits LinearCopy, ListCopy, Fill {

    /** How a burst ended. */
    enum Step {
        /** There is more to do. */
        MORE,
        /** That was all. */
        DONE,
        /** The port's fault says why not. */
        FAULT,
        /** What the packet points to is malformed, at {@link Transfer#place}. */
        MALFORMED
    }

    /** Bytes of one burst. */
    static final int BURST_BYTES = 128 << 10;

    private long moved;

    static Transfer copy(Packet packet, VirtualPort port) {
        MemorySegment bytes = packet.bytes();
        long source = CopyPacket.source(bytes, 0);
        long length = CopyPacket.length(bytes, 0);
        if ((CopyPacket.flags(bytes, 0) & CopyPacket.FLAG_SCATTER_GATHER) != 0) {
            return new ListCopy(port, packet.context(), source, length);
        }
        return new LinearCopy(port, packet.context(), source, CopyPacket.destination(bytes, 0), length);
    }

    static Transfer fill(Packet packet, VirtualPort port, MemorySegment buffer) {
        MemorySegment bytes = packet.bytes();
        int element = FillPacket.elementBytes(bytes, 0);
        return new Fill(port, packet.context(), buffer, FillPacket.pattern(bytes, 0), element, FillPacket.destination(bytes, 0),
                FillPacket.elements(bytes, 0) * element);
    }

    /** Does the next burst. */
    final Step burst() {
        moved = 0;
        return next();
    }

    /** Bytes that the last burst wrote. */
    final long moved() {
        return moved;
    }

    /** What {@link Step#MALFORMED} is about: a virtual address. */
    long place() {
        return 0;
    }

    abstract Step next();

    /** Notes that the burst wrote bytes. */
    final void wrote(long bytes) {
        moved += bytes;
    }
}
