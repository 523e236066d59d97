package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** Device exceptions that a kernel can raise: the published {@code PPU_EXCEPTION_n} (fact sheet, section 3), and one of ours without a number there. */
public enum DeviceException {
    INVALID_INSTRUCTION(0), INVALID_SIMT_CANDIDATE_MASK(1), INVALID_BARRIER_PARAMETER(2), INVALID_WARP_SYNC(3), HARDWARE_HANG(4), INVALID_VREG(5),
    INVALID_SREG(6), VREG_ALIGNMENT(7), SREG_ALIGNMENT(8), TSM_OUT_OF_RANGE(9), TSM_ALIGNMENT(10), GLOBAL_OUT_OF_RANGE(11), GLOBAL_ALIGNMENT(12),
    ATOMIC_ON_SYSTEM_MEMORY(13), AIU_LD_TSM_SIZE_OUT_OF_RANGE(14), AIU_LD_CUBE_OUT_OF_RANGE(15), KI_OUT_OF_RANGE(16), INVALID_PA(17),
    INVALID_PA_IN_PAGE_WALK(18), INVALID_PAGE(19), READ_PERMISSION(20), WRITE_PERMISSION(21), EXECUTE_PERMISSION(22), INVALID_VA(23), KI_INVALID_PA(24),
    KI_INVALID_PA_IN_PAGE_WALK(25), KI_INVALID_PAGE(26), KI_READ_PERMISSION(27), KI_EXECUTE_PERMISSION(28), KI_INVALID_VA(29), HBM_ECC_IN_PAGE_WALK(30),
    KI_HBM_ECC_IN_PAGE_WALK(31), HBM_ECC_ON_DATA(32), KI_HBM_ECC_ON_DATA(33), PREFETCH_ERROR(34), INVALID_RLSU_ADDRESS(35),
    /** Integer division by zero (ours: the published table has none). */
    DIVIDE_BY_ZERO(0x3F);

    private final int number;

    DeviceException(int number) {
        this.number = number;
    }

    /** The n of {@code PPU_EXCEPTION_n}; 0x3F, "none", for what has no published number. */
    public int number() {
        return number;
    }

    /** Words for a message: {@code invalid page}. */
    public String description() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    /** The exception with this number, or null. */
    public static @Nullable DeviceException of(int number) {
        for (DeviceException exception : values()) {
            if (exception.number == number) {
                return exception;
            }
        }
        return null;
    }
}
