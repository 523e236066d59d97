package dev.openppu.driver;

import java.util.OptionalInt;

/**
 * The first failure of a context, as the device reported it. Numbers are the device's and may be unknown to this driver.
 *
 * @param context number of the context
 * @param queue hardware queue whose packet failed, empty if no queue is concerned
 * @param xid XID number
 * @param exception {@code PPU_EXCEPTION} number, {@link dev.openppu.abi.error.DeviceException#NONE} if none
 * @param address faulting virtual address, or 0
 * @param pc virtual address of the instruction, or 0
 * @param deviceNanos device time of the report
 */
public record ContextFault(int context, OptionalInt queue, int xid, int exception, long address, long pc, long deviceNanos) {}
