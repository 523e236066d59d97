package dev.openppu.driver;

import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuReason;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The first failure of a context, as the device reported it. Numbers are the device's and may be unknown to this driver.
 *
 * @param context number of the context
 * @param queue hardware queue whose packet failed, empty if no queue is concerned
 * @param xid XID number
 * @param exception {@code PPU_EXCEPTION} number, {@link dev.openppu.abi.error.DeviceException#NONE} if none
 * @param engine which engine met it, if it is known
 * @param access what it was about to do, if the fault is one of memory
 * @param reason what the MMU objected to, if it did
 * @param address faulting virtual address, or 0
 * @param pc virtual address of the instruction, or 0
 * @param deviceNanos device time of the report
 */
public record ContextFault(int context, OptionalInt queue, int xid, int exception, Optional<Engine> engine, Optional<MmuAccess> access,
        Optional<MmuReason> reason, long address, long pc, long deviceNanos) {

    /** A fault of which engine and access are not known. */
    public ContextFault(int context, OptionalInt queue, int xid, int exception, long address, long pc, long deviceNanos) {
        this(context, queue, xid, exception, Optional.empty(), Optional.empty(), Optional.empty(), address, pc, deviceNanos);
    }
}
