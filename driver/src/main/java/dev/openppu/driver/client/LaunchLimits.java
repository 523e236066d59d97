package dev.openppu.driver.client;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Failure;
import dev.openppu.driver.Launch;
import dev.openppu.driver.PpuException;

/** Checks a launch's shape against the published limits (fact sheet, section 2) and against what the kernel declares. */
public final class LaunchLimits {
    /** 32-bit vector registers of a compute unit (fact sheet, section 2). */
    private static final int REGISTERS_PER_UNIT = 64 * 1024;

    private LaunchLimits() {}

    /** Throws INVALID_VALUE or LAUNCH_OUT_OF_RESOURCES. */
    public static void check(ContextLink link, KernelInfo kernel, Launch launch) {
        String object = "kernel " + kernel.name();
        Launch.Extent grid = launch.grid();
        if (grid.x() < 1 || grid.y() < 1 || grid.z() < 1) {
            throw link.invalid(object, "grid " + grid + " is empty", "give at least one block in each axis");
        }
        int threads = threads(link, object, launch.block());
        int most = kernel.maxThreads() == 0 ? CodeLimits.MAX_THREADS_PER_BLOCK : kernel.maxThreads();
        if (threads > most) {
            throw link.invalid(object, "a block of " + threads + " threads; at most " + most + " are possible",
                    "make blocks smaller and the grid bigger");
        }
        long shared = (long) kernel.sharedBytes() + launch.sharedBytes();
        if (launch.sharedBytes() < 0 || shared > CodeLimits.MAX_SHARED_BYTES) {
            throw exhausted(link, object, "a block needs " + shared + " bytes of shared memory, a unit has " + CodeLimits.MAX_SHARED_BYTES);
        }
        long registers = (long) threads * kernel.registers();
        if (registers > REGISTERS_PER_UNIT) {
            throw exhausted(link, object, "a block needs " + registers + " registers, a unit has " + REGISTERS_PER_UNIT);
        }
    }

    private static int threads(ContextLink link, String object, Launch.Extent block) {
        boolean inside = block.x() >= 1 && block.x() <= CodeLimits.MAX_BLOCK_X && block.y() >= 1 && block.y() <= CodeLimits.MAX_BLOCK_Y
                && block.z() >= 1
                && block.z() <= CodeLimits.MAX_BLOCK_Z;
        if (!inside) {
            throw link.invalid(object, "block " + block + " is out of range",
                    "give 1 to (%d, %d, %d) threads".formatted(CodeLimits.MAX_BLOCK_X,
                            CodeLimits.MAX_BLOCK_Y, CodeLimits.MAX_BLOCK_Z));
        }
        return block.x() * block.y() * block.z();
    }

    private static PpuException exhausted(ContextLink link, String object, String what) {
        return new PpuException(Failure.of(HgResult.LAUNCH_OUT_OF_RESOURCES, link.device(), object, what, "make blocks smaller"));
    }
}
