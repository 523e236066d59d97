package dev.openppu.abi.code;

/** Limits of kernels and of their launch. */
public final class CodeLimits {
    /** Lanes of a warp (fact sheet, section 2). */
    public static final int WARP_SIZE = 32;
    /** Threads of a block (fact sheet, section 2). */
    public static final int MAX_THREADS_PER_BLOCK = 1024;
    /** Block extent in x and y (fact sheet, section 2). */
    public static final int MAX_BLOCK_X = 1024;
    public static final int MAX_BLOCK_Y = 1024;
    /** Block extent in z (fact sheet, section 2). */
    public static final int MAX_BLOCK_Z = 128;
    /** Bytes of kernel parameters (fact sheet, section 2). */
    public static final int MAX_PARAMETER_BYTES = 32764;
    /** Bytes of shared memory of a compute unit, hence of a block (fact sheet, section 2). */
    public static final int MAX_SHARED_BYTES = 256 * 1024;
    /** Barriers of a block (fact sheet, section 10). */
    public static final int BARRIERS = 16;
    /** Bytes of local memory of a thread (ours). */
    public static final int MAX_LOCAL_BYTES = 64 * 1024;
    /** Bytes of constant data of a module (ours). */
    public static final int MAX_CONST_BYTES = 1 << 20;
    /** Bytes of code of a module (ours): 262,144 instructions. */
    public static final int MAX_TEXT_BYTES = 8 << 20;
    /** Generic addresses from here point into shared memory (ours; virtual addresses end at 2^47). */
    public static final long SHARED_WINDOW = 0x0100_0000_0000_0000L;
    /** Generic addresses from here point into local memory (ours). */
    public static final long LOCAL_WINDOW = 0x0200_0000_0000_0000L;
    /** Bytes of each window. */
    public static final long WINDOW_BYTES = 1L << 32;

    private CodeLimits() {}
}
