package dev.openppu.driver.owner;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.error.FaultMapping;
import dev.openppu.driver.ContextFault;
import java.util.OptionalInt;

/** A fault put together from a queue's own registers, for the case that the firmware's report does not come. */
final class ResidentFault {
    private ResidentFault() {}

    static ContextFault of(int context, int number, HardwareQueue queue) {
        boolean kernel = queue.exception() != DeviceException.NONE;
        FaultMapping mapping = switch (queue.error()) {
            case MEMORY_FAULT -> kernel ? FaultMapping.KERNEL_PAGE_NOT_VALID : FaultMapping.OPERAND_INVALID_PAGE;
            case WATCHDOG -> FaultMapping.KERNEL_WATCHDOG;
            case KERNEL_EXCEPTION -> FaultMapping.KERNEL_DIVISION_BY_ZERO;
            default -> FaultMapping.BAD_PACKET;
        };
        return new ContextFault(context, OptionalInt.of(number), mapping.xid().number(), queue.exception(), queue.address(), 0, 0);
    }
}
