package dev.openppu.harness.sim.check;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import dev.openppu.abi.memory.MemoryChannel;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.model.census.FaultReport;
import org.jspecify.annotations.Nullable;

/**
 * What the table of {@code docs/device.md}, section 7, has for a fault that hardware latched: written down once more, because device and driver share theirs.
 *
 * @param xid that is reported
 * @param result of a call that waits for the work; null where no context is concerned
 */
record DocumentedFault(Xid xid, @Nullable HgResult result) {

    /** Null for what is not reported: a page that has had too many errors is retired. */
    static @Nullable DocumentedFault of(FaultReport fault) {
        boolean secondChannel = MemoryChannel.of(fault.address()) == 1;
        return switch (fault.kind()) {
            case KERNEL -> ofKernel(fault);
            case KERNEL_DIVISION -> new DocumentedFault(Xid.GD_FATAL_ERROR, HgResult.LAUNCH_FAILED);
            case OPERAND -> ofOperand(fault.reason());
            case OPERAND_WALK -> new DocumentedFault(Xid.MMU_ECC_ERROR_PAGE, HgResult.ECC_UNCORRECTABLE);
            case MEMORY_UNCORRECTABLE ->
                new DocumentedFault(secondChannel ? Xid.HBM_PS1_2_BIT_UNCORRECTABLE : Xid.HBM_PS0_2_BIT_UNCORRECTABLE, null);
            case MEMORY_CHANNEL_THRESHOLD -> new DocumentedFault(
                    secondChannel ? Xid.HBM_PS1_1_BIT_ECC_COUNT_OVER_THRESHOLD : Xid.HBM_PS0_1_BIT_ECC_COUNT_OVER_THRESHOLD, null);
            case MEMORY_PAGE_THRESHOLD -> null;
            case PACKET -> new DocumentedFault(Xid.CP_INVALID_COMMAND, HgResult.LAUNCH_FAILED);
            case PREEMPTION -> new DocumentedFault(Xid.CP_PREEMPT_FAIL, HgResult.LAUNCH_FAILED);
            case REGISTER_ADDRESS -> new DocumentedFault(Xid.REGFAB_RESERVED_REGISTER_ADDRESS_ACCESSED, null);
            case REGISTER_WIDTH -> new DocumentedFault(Xid.REGFAB_ILLEGAL_REGISTER_ACCESS, null);
        };
    }

    /** By the number of the device exception. */
    private static DocumentedFault ofKernel(FaultReport fault) {
        if (fault.reason() == MmuReason.HOST_REFUSED) {
            return new DocumentedFault(Xid.L1_TLB_XNACK, HgResult.ILLEGAL_ADDRESS);
        }
        return switch (fault.exception()) {
            case 19, 20, 21 -> new DocumentedFault(Xid.L1_INVALID_PAGE, HgResult.ILLEGAL_ADDRESS);
            case 22 -> new DocumentedFault(Xid.L1_INVALID_PAGE, HgResult.INVALID_PC);
            case 23 -> new DocumentedFault(Xid.MMU_INVALID_VA, HgResult.ILLEGAL_ADDRESS);
            case 17 -> new DocumentedFault(Xid.L1_INVALID_PA, HgResult.ILLEGAL_ADDRESS);
            case 18 -> new DocumentedFault(Xid.MMU_INVALID_PAGE, HgResult.ILLEGAL_ADDRESS);
            case 30 -> new DocumentedFault(Xid.TLBV_ECC_ERROR_PAGE, HgResult.ECC_UNCORRECTABLE);
            case 32, 33 -> new DocumentedFault(Xid.L1_ECC_ERROR, HgResult.ECC_UNCORRECTABLE);
            case 10, 12 -> new DocumentedFault(Xid.GD_FATAL_ERROR, HgResult.MISALIGNED_ADDRESS);
            case 9, 11 -> new DocumentedFault(Xid.GD_FATAL_ERROR, HgResult.ILLEGAL_ADDRESS);
            case 13 -> new DocumentedFault(Xid.GD_FATAL_ERROR, HgResult.INVALID_ADDRESS_SPACE);
            case 4 -> new DocumentedFault(Xid.GD_FATAL_ERROR, HgResult.LAUNCH_TIMEOUT);
            default -> new DocumentedFault(Xid.GD_FATAL_ERROR, HgResult.ILLEGAL_INSTRUCTION);
        };
    }

    /** Of a packet, or of an access through BAR2. */
    private static DocumentedFault ofOperand(MmuReason reason) {
        return switch (reason) {
            case INVALID_VA -> new DocumentedFault(Xid.MMU_INVALID_VA, HgResult.ILLEGAL_ADDRESS);
            case INVALID_PA -> new DocumentedFault(Xid.CHUB_INVALID_PA, HgResult.ILLEGAL_ADDRESS);
            case HOST_REFUSED -> new DocumentedFault(Xid.CHUB_TLB_XNACK, HgResult.ILLEGAL_ADDRESS);
            case ECC_ERROR -> new DocumentedFault(Xid.CHUB_ECC_ERROR, HgResult.ECC_UNCORRECTABLE);
            case NONE, NO_CONTEXT, INVALID_PAGE, MALFORMED_ENTRY, NO_RIGHT ->
                new DocumentedFault(Xid.CHUB_INVALID_PAGE, HgResult.ILLEGAL_ADDRESS);
        };
    }
}
