package dev.openppu.abi.error;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which device exception, XID and HGresult a fault has: the table of {@code docs/device.md}, section 7, the one place that device and driver share.
 *
 * <p>The numbers are published; where the facts do not say which belongs to a cause, the assignment is ours and {@link #ours()} says so.
 */
public enum FaultMapping {
    KERNEL_PAGE_NOT_VALID("a kernel's page is not valid", DeviceException.INVALID_PAGE, Xid.L1_INVALID_PAGE, HgResult.ILLEGAL_ADDRESS,
            false),
    KERNEL_NO_READ_RIGHT("a kernel's page is not readable", DeviceException.READ_PERMISSION, Xid.L1_INVALID_PAGE, HgResult.ILLEGAL_ADDRESS,
            true),
    KERNEL_NO_WRITE_RIGHT("a kernel's page is not writable", DeviceException.WRITE_PERMISSION, Xid.L1_INVALID_PAGE,
            HgResult.ILLEGAL_ADDRESS, true),
    KERNEL_NO_EXECUTE_RIGHT("a kernel left its code", DeviceException.EXECUTE_PERMISSION, Xid.L1_INVALID_PAGE, HgResult.INVALID_PC, true),
    KERNEL_INVALID_VA("a kernel's address is not canonical", DeviceException.INVALID_VA, Xid.MMU_INVALID_VA, HgResult.ILLEGAL_ADDRESS,
            false),
    KERNEL_INVALID_PA("a page table entry points outside device memory", DeviceException.INVALID_PA, Xid.L1_INVALID_PA,
            HgResult.ILLEGAL_ADDRESS, false),
    KERNEL_HOST_REFUSED("the host refused a kernel's system page", DeviceException.INVALID_PAGE, Xid.L1_TLB_XNACK, HgResult.ILLEGAL_ADDRESS,
            false),
    KERNEL_MALFORMED_ENTRY("a kernel met a malformed page table entry", DeviceException.INVALID_PA_IN_PAGE_WALK, Xid.MMU_INVALID_PAGE,
            HgResult.ILLEGAL_ADDRESS, false),
    KERNEL_MISALIGNED_GLOBAL("a kernel's global address is misaligned", DeviceException.GLOBAL_MEMORY_ALIGNMENT, Xid.GD_FATAL_ERROR,
            HgResult.MISALIGNED_ADDRESS, true),
    KERNEL_SHARED_OUT_OF_RANGE("a kernel's shared memory address is out of range", DeviceException.TSM_OUT_OF_RANGE, Xid.GD_FATAL_ERROR,
            HgResult.ILLEGAL_ADDRESS, true),
    KERNEL_SHARED_MISALIGNED("a kernel's shared memory address is misaligned", DeviceException.TSM_ALIGNMENT, Xid.GD_FATAL_ERROR,
            HgResult.MISALIGNED_ADDRESS, true),
    KERNEL_INVALID_INSTRUCTION("a kernel's instruction is not valid", DeviceException.INVALID_INSTRUCTION, Xid.GD_FATAL_ERROR,
            HgResult.ILLEGAL_INSTRUCTION, true),
    KERNEL_INVALID_CANDIDATE_MASK("a kernel's lane mask is not valid", DeviceException.INVALID_SIMT_CANDIDATE_MASK, Xid.GD_FATAL_ERROR,
            HgResult.ILLEGAL_INSTRUCTION, true),
    KERNEL_INVALID_BARRIER("a kernel's barrier parameter is not valid", DeviceException.INVALID_BARRIER_PARAMETER, Xid.GD_FATAL_ERROR,
            HgResult.ILLEGAL_INSTRUCTION, true),
    KERNEL_INVALID_WARP_SYNC("a kernel's warp synchronisation is not valid", DeviceException.INVALID_WARP_SYNC, Xid.GD_FATAL_ERROR,
            HgResult.ILLEGAL_INSTRUCTION, true),
    KERNEL_INVALID_REGISTER("a kernel's register number is not valid", DeviceException.INVALID_VREG, Xid.GD_FATAL_ERROR,
            HgResult.ILLEGAL_INSTRUCTION, true),
    KERNEL_OUT_OF_RANGE("a kernel's local, const or parameter address is out of range", DeviceException.GLOBAL_MEMORY_OUT_OF_RANGE,
            Xid.GD_FATAL_ERROR, HgResult.ILLEGAL_ADDRESS, true),
    KERNEL_ATOMIC_ON_SYSTEM_MEMORY("a kernel's atomic operation is on system memory", DeviceException.ATOMIC_ON_SYSTEM_MEMORY,
            Xid.GD_FATAL_ERROR, HgResult.INVALID_ADDRESS_SPACE, true),
    KERNEL_DIVISION_BY_ZERO("a kernel divided an integer by zero", null, Xid.GD_FATAL_ERROR, HgResult.LAUNCH_FAILED, true),
    KERNEL_WATCHDOG("a kernel ran longer than the watchdog allows, or its threads wait for each other", DeviceException.HARDWARE_HANG,
            Xid.GD_FATAL_ERROR,
            HgResult.LAUNCH_TIMEOUT, true),
    KERNEL_ECC("a kernel read memory whose error ECC could not correct", DeviceException.HBM_ECC_ON_DATA, Xid.L1_ECC_ERROR,
            HgResult.ECC_UNCORRECTABLE, false),
    KERNEL_FETCH_ECC("a kernel's code is in memory whose error ECC could not correct", DeviceException.HBM_ECC_ON_DATA_OF_KI,
            Xid.L1_ECC_ERROR, HgResult.ECC_UNCORRECTABLE, true),
    KERNEL_WALK_ECC("a kernel's page table is in memory whose error ECC could not correct", DeviceException.HBM_ECC_IN_PAGE_WALK,
            Xid.TLBV_ECC_ERROR_PAGE, HgResult.ECC_UNCORRECTABLE, true),
    OPERAND_ECC("a packet's operand is in memory whose error ECC could not correct", null, Xid.CHUB_ECC_ERROR, HgResult.ECC_UNCORRECTABLE,
            false),
    OPERAND_WALK_ECC("the page table of a packet's operand is in memory whose error ECC could not correct", null, Xid.MMU_ECC_ERROR_PAGE,
            HgResult.ECC_UNCORRECTABLE, true),
    MEMORY_PS0_CORRECTED_OFTEN("ECC corrects too many errors of pseudo-channel 0", null, Xid.HBM_PS0_1_BIT_ECC_COUNT_OVER_THRESHOLD, null,
            false),
    MEMORY_PS1_CORRECTED_OFTEN("ECC corrects too many errors of pseudo-channel 1", null, Xid.HBM_PS1_1_BIT_ECC_COUNT_OVER_THRESHOLD, null,
            false),
    MEMORY_PS0_UNCORRECTABLE("ECC could not correct an error of pseudo-channel 0", null, Xid.HBM_PS0_2_BIT_UNCORRECTABLE, null, false),
    MEMORY_PS1_UNCORRECTABLE("ECC could not correct an error of pseudo-channel 1", null, Xid.HBM_PS1_2_BIT_UNCORRECTABLE, null, false),
    OPERAND_INVALID_PAGE("a packet's operand met a page that is not valid, lacks the right or is malformed", null, Xid.CHUB_INVALID_PAGE,
            HgResult.ILLEGAL_ADDRESS, false),
    OPERAND_INVALID_VA("a packet's operand is not canonical", null, Xid.MMU_INVALID_VA, HgResult.ILLEGAL_ADDRESS, false),
    OPERAND_INVALID_PA("a packet's operand lies outside device memory", null, Xid.CHUB_INVALID_PA, HgResult.ILLEGAL_ADDRESS, false),
    OPERAND_HOST_REFUSED("the host refused a packet's operand", null, Xid.CHUB_TLB_XNACK, HgResult.ILLEGAL_ADDRESS, false),
    BAD_PACKET("a packet is malformed, its ring cannot be reached, or a doorbell went back", null, Xid.CP_INVALID_COMMAND,
            HgResult.LAUNCH_FAILED, true),
    PREEMPTION_FAILED("a kernel could not be put aside in time for one of a higher priority", null, Xid.CP_PREEMPT_FAIL,
            HgResult.LAUNCH_FAILED, true),
    RESERVED_REGISTER("a register address outside the map was accessed", null, Xid.REGFAB_RESERVED_REGISTER_ADDRESS_ACCESSED, null, false),
    ILLEGAL_REGISTER_ACCESS("a register was accessed in another width than its own", null, Xid.REGFAB_ILLEGAL_REGISTER_ACCESS, null, false),
    DEVICE_LOST("the device does not answer", null, Xid.KERNEL_DEVICE_LOST, HgResult.DEVICE_UNAVAILABLE, false);

    private static final List<FaultMapping> ALL = List.of(values());

    private final String cause;
    private final @Nullable DeviceException exception;
    private final Xid xid;
    private final @Nullable HgResult result;
    private final boolean ours;

    FaultMapping(String cause, @Nullable DeviceException exception, Xid xid, @Nullable HgResult result, boolean ours) {
        this.cause = cause;
        this.exception = exception;
        this.xid = xid;
        this.result = result;
        this.ours = ours;
    }

    /** One sentence for a user, without a capital or a full stop. */
    public String cause() {
        return cause;
    }

    /** Empty if the fault is not a kernel's, or no published exception names it. */
    public Optional<DeviceException> exception() {
        return Optional.ofNullable(exception);
    }

    /** As registers and messages carry it: {@link DeviceException#NONE} if there is none. */
    public int exceptionCode() {
        return exception == null ? DeviceException.NONE : exception.number();
    }

    public Xid xid() {
        return xid;
    }

    /** What a driver call that waited for the work returns; empty where no call is concerned. */
    public Optional<HgResult> result() {
        return Optional.ofNullable(result);
    }

    /** The published documents do not assign these numbers to this cause: OpenPPU does. */
    public boolean ours() {
        return ours;
    }

    /**
     * What a kernel did that raised this exception; where several faults raise it, the first of the table.
     *
     * @param exceptionCode as a queue's status has it, {@link DeviceException#NONE} for none
     */
    public static Optional<FaultMapping> raising(int exceptionCode) {
        return exceptionCode == DeviceException.NONE
                ? Optional.empty()
                : ALL.stream().filter(fault -> fault.exceptionCode() == exceptionCode).findFirst();
    }

    /**
     * The fault behind a reported XID and exception; no two faults that a packet can have share both with different results.
     *
     * @param xid as reported by the device, not trusted
     * @param exceptionCode as reported, {@link DeviceException#NONE} for none
     */
    public static Optional<FaultMapping> of(int xid, int exceptionCode) {
        for (FaultMapping fault : ALL) {
            if (fault.xid.number() == xid && fault.exceptionCode() == exceptionCode) {
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }
}
