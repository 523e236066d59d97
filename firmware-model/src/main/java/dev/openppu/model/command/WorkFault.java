package dev.openppu.model.command;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.memory.Translation;

/**
 * Why a packet failed.
 *
 * @param error for {@code queue.status}
 * @param kind for the firmware
 * @param reason of the MMU, {@link MmuReason#NONE} if it is no memory fault
 * @param level where the walk stopped
 * @param exception PPU_EXCEPTION number, 0x3F if none
 * @param address virtual address that faulted, or whatever names the place
 * @param pc virtual address of the instruction, or 0
 */
public record WorkFault(QueueError error, FaultReport.Kind kind, Engine engine, MmuReason reason, MmuAccess access, int level,
        int exception, long address,
        long pc) {

    /** A packet that is malformed, or a queue that cannot go on. */
    static WorkFault packet(QueueError error, long address) {
        return new WorkFault(error, FaultReport.Kind.PACKET, Engine.CP, MmuReason.NONE, MmuAccess.READ, 0, DeviceException.NONE, address,
                0);
    }

    /** A field of a packet, or of what it points to, is out of range. */
    public static WorkFault malformed(Engine engine, long address) {
        return new WorkFault(QueueError.INVALID_PACKET, FaultReport.Kind.PACKET, engine, MmuReason.NONE, MmuAccess.READ, 0,
                DeviceException.NONE, address, 0);
    }

    /** An address in a packet, or one that its work used, faulted. */
    public static WorkFault operand(Engine engine, Translation fault) {
        boolean ecc = fault.reason() == MmuReason.ECC_ERROR;
        FaultReport.Kind kind = fault.inWalk() ? FaultReport.Kind.OPERAND_WALK : FaultReport.Kind.OPERAND;
        return new WorkFault(ecc ? QueueError.ECC_ERROR : QueueError.MEMORY_FAULT, kind, engine, fault.reason(), fault.access(),
                fault.level(), DeviceException.NONE, fault.virtualAddress(), 0);
    }

    /** A kernel could not be put aside for one of a higher priority in time. */
    public static WorkFault notPutAside(long packet) {
        return new WorkFault(QueueError.KERNEL_EXCEPTION, FaultReport.Kind.PREEMPTION, Engine.COMPUTE, MmuReason.NONE, MmuAccess.READ, 0,
                DeviceException.NONE, packet, 0);
    }

    /** The same, with the level where the walk stopped. */
    public WorkFault at(int walkLevel) {
        return new WorkFault(error, kind, engine, reason, access, walkLevel, exception, address, pc);
    }

    /** It is the MMU's. */
    public boolean memory() {
        return reason != MmuReason.NONE;
    }
}
