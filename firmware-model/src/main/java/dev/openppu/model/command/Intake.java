package dev.openppu.model.command;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.model.pcie.HostPort;
import java.lang.foreign.MemorySegment;

/**
 * Reads a queue's ring ahead: runs of packets by one DMA read, of growing length while they come.
 *
 * <p>A packet that was read ahead has not been taken: its slot stays as it is, and belongs to the device, until the queue takes it from here. What was INVALID when
 * it was read is read again.
 */
final class Intake {
    /** Packets of the longest run. */
    static final int LONGEST_RUN = 32;

    private final MemorySegment[] lines = new MemorySegment[LONGEST_RUN];
    private final MemorySegment[] runs = new MemorySegment[LONGEST_RUN];
    private int length = 1;
    private int next;
    private int valid;
    private boolean refused;

    /** @param memory of {@link #LONGEST_RUN} packets */
    Intake(MemorySegment memory) {
        for (int i = 0; i < LONGEST_RUN; i++) {
            lines[i] = memory.asSlice((long) i * AqlHeader.PACKET_BYTES, AqlHeader.PACKET_BYTES);
            runs[i] = memory.asSlice(0, (i + 1L) * AqlHeader.PACKET_BYTES);
        }
    }

    /** Forgets what was read ahead. */
    void clear() {
        next = 0;
        valid = 0;
        length = 1;
        refused = false;
    }

    /** Whether there is a packet at {@code index}, which must be the one behind the last taken; it is read if need be. */
    boolean has(HostPort host, QueueSetup setup, long index) {
        if (next < valid) {
            return true;
        }
        next = 0;
        valid = 0;
        int run = (int) Math.min(length, setup.packets() - (index & setup.packets() - 1));
        refused = !host.readLines(setup.slot(index), runs[run - 1]).ok();
        if (refused && run > 1) {
            run = 1;
            refused = !host.readLines(setup.slot(index), runs[0]).ok();
        }
        while (!refused && valid < run && AqlHeader.type(AqlHeader.acquire(lines[valid], 0)) != AqlHeader.TYPE_INVALID) {
            valid++;
        }
        length = valid == run ? Math.min(2 * Math.max(run, length), LONGEST_RUN) : Math.max(1, valid);
        return valid > 0;
    }

    /** The ring could not be read when {@link #has} was asked last. */
    boolean refused() {
        return refused;
    }

    /** The packet that {@link #has} spoke of: its bytes stay until {@link #has} is asked after the last of its run. */
    MemorySegment take() {
        return lines[next++];
    }
}
