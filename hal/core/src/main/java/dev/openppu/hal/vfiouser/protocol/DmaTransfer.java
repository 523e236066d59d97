package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;

/**
 * What {@link Command#DMA_READ} and {@link Command#DMA_WRITE} and their replies begin with; the data of a write, or of a read's reply, follow.
 *
 * @param address IOVA
 * @param count bytes of data
 */
public record DmaTransfer(long address, long count) implements Payload {
    public static final int BYTES = 16;

    private static final int COUNT_OFFSET = 8;
    /** A write's reply: one text of the protocol has a count of 4 bytes there, the other one of 8. */
    private static final int SHORT_REPLY = 12;

    /**
     * Without data: a read's command.
     *
     * @param longest bytes that may be transferred by a message
     */
    public static DmaTransfer decode(MemorySegment payload, long longest) {
        Wire.demand(payload, BYTES, "a DMA transfer");
        return fixed(payload, longest);
    }

    /** With data, which stand at {@link #BYTES}: a write's command, or a read's reply. */
    public static DmaTransfer decodeWithData(MemorySegment payload, long longest) {
        Wire.demandAtLeast(payload, BYTES, "a DMA transfer");
        DmaTransfer transfer = fixed(payload, longest);
        Wire.demand(payload, BYTES + transfer.count, "a DMA transfer of %d bytes".formatted(transfer.count));
        return transfer;
    }

    /** A write's reply. */
    public static DmaTransfer decodeWritten(MemorySegment payload, long longest) {
        if (payload.byteSize() == SHORT_REPLY) {
            return checked(Wire.u64(payload, 0), Integer.toUnsignedLong(Wire.u32(payload, COUNT_OFFSET)), longest);
        }
        return decode(payload, longest);
    }

    private static DmaTransfer fixed(MemorySegment payload, long longest) {
        return checked(Wire.u64(payload, 0), Wire.u64(payload, COUNT_OFFSET), longest);
    }

    private static DmaTransfer checked(long address, long count, long longest) {
        if (Long.compareUnsigned(count, longest) > 0) {
            throw ProtocolException
                    .malformed("a DMA transfer is for %s bytes; %d are agreed upon".formatted(Long.toUnsignedString(count), longest));
        }
        Wire.demandRange(address, count, "a DMA transfer");
        return new DmaTransfer(address, count);
    }

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public void encode(MemorySegment to) {
        Wire.u64(to, 0, address);
        Wire.u64(to, COUNT_OFFSET, count);
    }
}
