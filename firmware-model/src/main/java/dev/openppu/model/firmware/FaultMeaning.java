package dev.openppu.model.firmware;

import dev.openppu.abi.error.FaultMapping;
import dev.openppu.abi.memory.MemoryChannel;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.model.census.FaultReport;

/** Which fault of {@code docs/device.md}, section 7, the facts are. */
final class FaultMeaning {
    private FaultMeaning() {}

    static FaultMapping of(FaultReport fault) {
        return switch (fault.kind()) {
            case KERNEL -> kernel(fault);
            case KERNEL_DIVISION -> FaultMapping.KERNEL_DIVISION_BY_ZERO;
            case OPERAND -> operand(fault.reason());
            case OPERAND_WALK -> FaultMapping.OPERAND_WALK_ECC;
            case MEMORY_UNCORRECTABLE -> MemoryChannel.of(fault.address()) == 0
                    ? FaultMapping.MEMORY_PS0_UNCORRECTABLE
                    : FaultMapping.MEMORY_PS1_UNCORRECTABLE;
            case MEMORY_PAGE_THRESHOLD, MEMORY_CHANNEL_THRESHOLD -> MemoryChannel.of(fault.address()) == 0
                    ? FaultMapping.MEMORY_PS0_CORRECTED_OFTEN
                    : FaultMapping.MEMORY_PS1_CORRECTED_OFTEN;
            case PACKET -> FaultMapping.BAD_PACKET;
            case PREEMPTION -> FaultMapping.PREEMPTION_FAILED;
            case REGISTER_ADDRESS -> FaultMapping.RESERVED_REGISTER;
            case REGISTER_WIDTH -> FaultMapping.ILLEGAL_REGISTER_ACCESS;
        };
    }

    private static FaultMapping kernel(FaultReport fault) {
        if (fault.reason() == MmuReason.HOST_REFUSED) {
            return FaultMapping.KERNEL_HOST_REFUSED;
        }
        return FaultMapping.raising(fault.exception()).orElse(FaultMapping.KERNEL_INVALID_INSTRUCTION);
    }

    private static FaultMapping operand(MmuReason reason) {
        return switch (reason) {
            case INVALID_VA -> FaultMapping.OPERAND_INVALID_VA;
            case INVALID_PA -> FaultMapping.OPERAND_INVALID_PA;
            case HOST_REFUSED -> FaultMapping.OPERAND_HOST_REFUSED;
            case ECC_ERROR -> FaultMapping.OPERAND_ECC;
            case NONE, NO_CONTEXT, INVALID_PAGE, MALFORMED_ENTRY, NO_RIGHT -> FaultMapping.OPERAND_INVALID_PAGE;
        };
    }
}
