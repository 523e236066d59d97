package dev.openppu.model.census;

import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuReason;

/**
 * Facts that hardware latched about one fault; what they mean to the host is the firmware's business.
 *
 * @param kind what noticed it
 * @param engine where
 * @param reason of the MMU, {@link MmuReason#NONE} if it is no memory fault
 * @param access that faulted
 * @param exception PPU_EXCEPTION number, 0x3F if none
 * @param context address space, {@link #NO_CONTEXT} if none
 * @param queue {@link #NO_QUEUE} if none
 * @param address virtual address, register offset, or ring IOVA
 * @param pc virtual address of the instruction, or 0
 * @param nanos device time
 */
public record FaultReport(Kind kind, Engine engine, MmuReason reason, MmuAccess access, int exception, int context, int queue, long address,
        long pc,
        long nanos) {
    /** No context is concerned: 0 is one. */
    public static final int NO_CONTEXT = 0xffff;
    /** No queue is concerned. */
    public static final int NO_QUEUE = 0xffff;

    /** What noticed a fault. */
    public enum Kind {
        /** A kernel raised an exception, memory faults included. */
        KERNEL,
        /** A kernel divided an integer by zero: a trap without an exception number. */
        KERNEL_DIVISION,
        /** An address in a packet, or one that the packet's work used. */
        OPERAND,
        /** The page walk for such an address read a table that ECC could not correct. */
        OPERAND_WALK,
        /** ECC could not correct a word that was read; the address is a PA. */
        MEMORY_UNCORRECTABLE,
        /** ECC has corrected as many errors of a page as its threshold says; the address is the page's PA. */
        MEMORY_PAGE_THRESHOLD,
        /** The same for a pseudo-channel; the address is the last error's PA. */
        MEMORY_CHANNEL_THRESHOLD,
        /** The packet processor: malformed packet, ring unreachable, doorbell back. */
        PACKET,
        /** A kernel could not be put aside for one of a higher priority. */
        PREEMPTION,
        /** Register fabric: nothing at that address. */
        REGISTER_ADDRESS,
        /** Register fabric: something there, but of another width. */
        REGISTER_WIDTH
    }
}
