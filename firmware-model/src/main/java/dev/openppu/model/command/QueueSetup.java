package dev.openppu.model.command;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.model.reg.QueueRegs;

/**
 * How a queue was programmed when it was enabled; later writes to its registers wait for the next enabling.
 *
 * @param ring IOVA of the first packet
 * @param packets slots, a power of two
 * @param readIndexAddress IOVA, 0 is none
 * @param multiProducer the doorbell may take any value
 * @param priority 0 is the lowest, 3 the highest
 * @param interrupts a message follows each completion signal
 * @param vector of those messages
 * @param moderation microseconds between two of them
 */
record QueueSetup(long ring, long packets, long readIndexAddress, int context, boolean multiProducer, int priority,
        boolean interrupts, int vector, int moderation) {
    private static final int SMALLEST_LOG2 = 2;
    private static final int LARGEST_LOG2 = 16;
    private static final long RING_ALIGNMENT = 4096;

    static final QueueSetup NONE = new QueueSetup(0, 1, 0, 0, false, 0, false, 0, 0);

    static QueueSetup read(QueueRegs registers) {
        int control = registers.readControl();
        int binding = registers.readBinding();
        int log2 = QueueRegs.Control.log2Packets(control);
        return new QueueSetup(registers.readBase(), log2 < SMALLEST_LOG2 || log2 > LARGEST_LOG2 ? 0 : 1L << log2,
                registers.readReadIndexAddress(),
                QueueRegs.Binding.context(binding), QueueRegs.Control.multiProducer(control), QueueRegs.Control.priority(control),
                QueueRegs.Control.interrupt(control), QueueRegs.Control.vector(control), QueueRegs.Binding.moderation(binding));
    }

    /** The ring has a size, and ring and read index are aligned. */
    boolean usable() {
        return packets > 0 && ring % RING_ALIGNMENT == 0 && readIndexAddress % Long.BYTES == 0;
    }

    long slot(long index) {
        return ring + (index & packets - 1) * AqlHeader.PACKET_BYTES;
    }
}
