package dev.openppu.abi.error;

import java.util.List;
import java.util.Optional;

/**
 * Device exceptions, {@code PPU_EXCEPTION_0} to {@code PPU_EXCEPTION_35}, in the order of their numbers. KI is the kernel's instruction path.
 *
 * <p>Source: Zhenwu 810E, debugger's table of exceptions (facts §3).
 */
public enum DeviceException {
    INVALID_INSTRUCTION("invalid instruction"),
    INVALID_SIMT_CANDIDATE_MASK("invalid SIMT candidate mask"),
    INVALID_BARRIER_PARAMETER("invalid barrier parameter"),
    INVALID_WARP_SYNC("invalid warp sync"),
    HARDWARE_HANG("hardware hang"),
    INVALID_VREG("invalid vreg"),
    INVALID_SREG("invalid sreg"),
    VREG_ALIGNMENT("vreg alignment"),
    SREG_ALIGNMENT("sreg alignment"),
    TSM_OUT_OF_RANGE("TSM out of range"),
    TSM_ALIGNMENT("TSM alignment"),
    GLOBAL_MEMORY_OUT_OF_RANGE("global memory out of range"),
    GLOBAL_MEMORY_ALIGNMENT("global memory alignment"),
    ATOMIC_ON_SYSTEM_MEMORY("atomic on system memory"),
    AIU_LD_TSM_SIZE_OUT_OF_RANGE("AIU_ld TSM size out of range"),
    AIU_LD_CUBE_OUT_OF_RANGE("AIU_ld cube out of range"),
    KI_OUT_OF_RANGE("KI out of range"),
    INVALID_PA("invalid PA"),
    INVALID_PA_IN_PAGE_WALK("invalid PA in page walk"),
    INVALID_PAGE("invalid page"),
    READ_PERMISSION("read permission"),
    WRITE_PERMISSION("write permission"),
    EXECUTE_PERMISSION("execute permission"),
    INVALID_VA("invalid VA"),
    KI_INVALID_PA("KI invalid PA"),
    KI_INVALID_PA_IN_PAGE_WALK("KI invalid PA in page walk"),
    KI_INVALID_PAGE("KI invalid page"),
    KI_READ_PERMISSION("KI read permission"),
    KI_EXECUTE_PERMISSION("KI execute permission"),
    KI_INVALID_VA("KI invalid VA"),
    HBM_ECC_IN_PAGE_WALK("HBM ECC in page walk"),
    HBM_ECC_IN_PAGE_WALK_OF_KI("HBM ECC in page walk of KI"),
    HBM_ECC_ON_DATA("HBM ECC on data"),
    HBM_ECC_ON_DATA_OF_KI("HBM ECC on data of KI"),
    PREFETCH_ERROR("prefetch error"),
    INVALID_RLSU_LOAD_STORE_ADDRESS("invalid RLSU load/store address");

    /** In registers and messages: there is no exception (ours). */
    public static final int NONE = 0x3F;

    private static final List<DeviceException> ALL = List.of(values());

    private final String meaning;

    DeviceException(String meaning) {
        this.meaning = meaning;
    }

    public int number() {
        return ordinal();
    }

    /** As published. */
    public String meaning() {
        return meaning;
    }

    /** The exception with this number; empty for {@link #NONE} and every number that is not published. */
    public static Optional<DeviceException> of(int number) {
        return number >= 0 && number < ALL.size() ? Optional.of(ALL.get(number)) : Optional.empty();
    }

    /** For messages: {@code PPU_EXCEPTION_19 (invalid page)}. */
    @Override
    public String toString() {
        return "PPU_EXCEPTION_" + ordinal() + " (" + meaning + ")";
    }
}
