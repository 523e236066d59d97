package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.error.HgResult;

/**
 * What a program does wrong on a device, and the error that it gets for it: the numbers are those of docs/device.md, section 7, written down here once more, so that a table that driver and device share
 * does not hide a wrong one.
 */
enum Mistake {
    /** A kernel loads what was freed. */
    LOADS_FREED(HgResult.ILLEGAL_ADDRESS, 1155, 19),
    /** A kernel stores to what was freed. */
    STORES_TO_FREED(HgResult.ILLEGAL_ADDRESS, 1155, 19),
    /** Memory is freed that a fill waits to write. */
    FREES_WHAT_IS_USED(HgResult.ILLEGAL_ADDRESS, 643, DeviceException.NONE),
    /** A kernel loads from an address that was never mapped. */
    LOADS_NOWHERE(HgResult.ILLEGAL_ADDRESS, 1155, 19),
    /** A kernel stores into the lowest pages, which are never mapped. */
    STORES_TO_NULL(HgResult.ILLEGAL_ADDRESS, 1155, 19),
    /** A kernel stores to the page behind a buffer. */
    STORES_BEHIND_END(HgResult.ILLEGAL_ADDRESS, 1155, 19),
    /** A kernel stores to an address of more than 47 bits. */
    STORES_BEYOND_ADDRESSES(HgResult.ILLEGAL_ADDRESS, 1666, 23),
    /** A kernel stores into its own code. */
    STORES_INTO_CODE(HgResult.ILLEGAL_ADDRESS, 1155, 21),
    /** A kernel stores to memory that is registered as read-only. */
    STORES_TO_READ_ONLY(HgResult.ILLEGAL_ADDRESS, 1155, 21),
    /** A copy goes to memory that is registered as read-only. */
    COPIES_TO_READ_ONLY(HgResult.ILLEGAL_ADDRESS, 643, DeviceException.NONE),
    /** A kernel stores a word to an address that is no multiple of four. */
    STORES_ASKEW(HgResult.MISALIGNED_ADDRESS, 896, 12),
    /** A kernel counts in host memory, by one atomic operation. */
    COUNTS_IN_HOST_MEMORY(HgResult.INVALID_ADDRESS_SPACE, 896, 13),
    /** A kernel counts in its own code, which it may read and not write, by one atomic operation. */
    COUNTS_IN_CODE(HgResult.ILLEGAL_ADDRESS, 1155, 21),
    /** A kernel loads from behind its shared memory. */
    LOADS_BEHIND_SHARED(HgResult.ILLEGAL_ADDRESS, 896, 9),
    /** A kernel loads from behind its local memory. */
    LOADS_BEHIND_LOCAL(HgResult.ILLEGAL_ADDRESS, 896, 11),
    /** A kernel waits at a barrier that there is none of. */
    WAITS_AT_NO_BARRIER(HgResult.ILLEGAL_INSTRUCTION, 896, 2),
    /** A kernel's threads wait for each other. */
    WAITS_FOR_EACH_OTHER(HgResult.LAUNCH_TIMEOUT, 896, 4),
    /** A kernel runs longer than its watchdog allows. */
    RUNS_TOO_LONG(HgResult.LAUNCH_TIMEOUT, 896, 4),
    /** A kernel divides by zero. */
    DIVIDES_BY_ZERO(HgResult.LAUNCH_FAILED, 896, DeviceException.NONE);

    private final HgResult result;
    private final int xid;
    private final int exception;

    Mistake(HgResult result, int xid, int exception) {
        this.result = result;
        this.xid = xid;
        this.exception = exception;
    }

    /** What every later call in the context throws. */
    HgResult result() {
        return result;
    }

    int xid() {
        return xid;
    }

    /** As an XID event has it: {@link DeviceException#NONE} for none. */
    int exception() {
        return exception;
    }

    /** Whether it is a kernel's, whose instruction is known. */
    boolean ofKernel() {
        return this != FREES_WHAT_IS_USED && this != COPIES_TO_READ_ONLY;
    }
}
