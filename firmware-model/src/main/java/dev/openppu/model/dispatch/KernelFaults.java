package dev.openppu.model.dispatch;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.error.FaultMapping;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.command.WorkFault;
import dev.openppu.model.compute.AccessFault;
import dev.openppu.model.compute.ComputeMemory;
import dev.openppu.model.compute.DeviceFault;
import dev.openppu.model.memory.Translation;
import org.jspecify.annotations.Nullable;

/** What a kernel's faults are to the compute units, to the MMU's record, and to the queue. */
final class KernelFaults {
    private KernelFaults() {}

    /** What a failed translation is to a kernel. */
    static FaultMapping cause(Translation translation) {
        return switch (translation.reason()) {
            case INVALID_VA -> FaultMapping.KERNEL_INVALID_VA;
            case MALFORMED_ENTRY -> FaultMapping.KERNEL_MALFORMED_ENTRY;
            case INVALID_PA -> FaultMapping.KERNEL_INVALID_PA;
            case HOST_REFUSED -> FaultMapping.KERNEL_HOST_REFUSED;
            case ECC_ERROR -> FaultMapping.KERNEL_WALK_ECC;
            case NO_RIGHT -> switch (translation.access()) {
                case READ -> FaultMapping.KERNEL_NO_READ_RIGHT;
                case WRITE, ATOMIC -> FaultMapping.KERNEL_NO_WRITE_RIGHT;
                case EXECUTE -> FaultMapping.KERNEL_NO_EXECUTE_RIGHT;
            };
            case NONE, NO_CONTEXT, INVALID_PAGE -> FaultMapping.KERNEL_PAGE_NOT_VALID;
        };
    }

    /**
     * A block's fault.
     *
     * @param textAddress VA of the kernel's code
     */
    static WorkFault block(DeviceFault fault, long textAddress) {
        long pc = textAddress + fault.pc();
        boolean leftItsCode = fault.cause() == FaultMapping.KERNEL_NO_EXECUTE_RIGHT && fault.access() == null;
        return kernel(fault.cause(), leftItsCode ? MmuAccess.EXECUTE : access(fault.access()), leftItsCode ? pc : fault.address(), pc);
    }

    /** Code that could not be fetched: the kernel's fault. Descriptor or parameters that could not be read: the packet's. */
    static WorkFault preparation(AccessFault fault) {
        if (fault.access() == ComputeMemory.Access.FETCH) {
            return kernel(fault.cause(), MmuAccess.EXECUTE, fault.address(), fault.address());
        }
        FaultReport.Kind kind = fault.cause() == FaultMapping.KERNEL_WALK_ECC ? FaultReport.Kind.OPERAND_WALK : FaultReport.Kind.OPERAND;
        MmuReason why = reason(fault.cause());
        return new WorkFault(error(fault.cause(), why), kind, Engine.COMPUTE, why,
                access(fault.access()), 0,
                DeviceException.NONE, fault.address(), 0);
    }

    private static WorkFault kernel(FaultMapping cause, MmuAccess access, long address, long pc) {
        FaultReport.Kind kind = cause == FaultMapping.KERNEL_DIVISION_BY_ZERO ? FaultReport.Kind.KERNEL_DIVISION : FaultReport.Kind.KERNEL;
        MmuReason reason = reason(cause);
        return new WorkFault(error(cause, reason), kind, Engine.COMPUTE, reason, access, 0, cause.exceptionCode(), address, pc);
    }

    private static QueueError error(FaultMapping cause, MmuReason reason) {
        if (reason == MmuReason.ECC_ERROR) {
            return QueueError.ECC_ERROR;
        }
        if (reason != MmuReason.NONE) {
            return QueueError.MEMORY_FAULT;
        }
        return cause == FaultMapping.KERNEL_WATCHDOG ? QueueError.WATCHDOG : QueueError.KERNEL_EXCEPTION;
    }

    private static MmuReason reason(FaultMapping cause) {
        return switch (cause) {
            case KERNEL_INVALID_VA -> MmuReason.INVALID_VA;
            case KERNEL_PAGE_NOT_VALID -> MmuReason.INVALID_PAGE;
            case KERNEL_MALFORMED_ENTRY -> MmuReason.MALFORMED_ENTRY;
            case KERNEL_NO_READ_RIGHT, KERNEL_NO_WRITE_RIGHT, KERNEL_NO_EXECUTE_RIGHT -> MmuReason.NO_RIGHT;
            case KERNEL_INVALID_PA -> MmuReason.INVALID_PA;
            case KERNEL_HOST_REFUSED -> MmuReason.HOST_REFUSED;
            case KERNEL_ECC, KERNEL_FETCH_ECC, KERNEL_WALK_ECC -> MmuReason.ECC_ERROR;
            default -> MmuReason.NONE;
        };
    }

    private static MmuAccess access(ComputeMemory.@Nullable Access access) {
        return access == null ? MmuAccess.READ : KernelMemory.hardware(access);
    }
}
