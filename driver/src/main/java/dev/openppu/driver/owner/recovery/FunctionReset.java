package dev.openppu.driver.owner.recovery;

import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.owner.PciFunction;
import dev.openppu.hal.ResetKind;

/**
 * The upper rungs: the whole function, by itself or through the bridge above it. What PCIe asks for afterwards is {@link PciFunction}'s: the quiet time, patience with a function that does not answer yet,
 * and the configuration that the reset forgot.
 */
public final class FunctionReset {
    /** The milder one. */
    public static final ResetKind KIND = ResetKind.FUNCTION_LEVEL;

    private final PciFunction function;
    private final ResetLevel level;

    /** @param level {@link ResetLevel#FUNCTION} or {@link ResetLevel#BUS} */
    public FunctionReset(PciFunction function, ResetLevel level) {
        if (!level.endsEpoch()) {
            throw new IllegalArgumentException(level + " does not reset the function");
        }
        this.function = function;
        this.level = level;
    }

    public ResetLevel level() {
        return level;
    }

    public ResetKind kind() {
        return level == ResetLevel.BUS ? ResetKind.SECONDARY_BUS : KIND;
    }

    /**
     * Resets and waits until the function answers with its configuration restored.
     *
     * @return nanoseconds until it answered
     * @throws DeviceLostException if it does not come back
     */
    public long perform() {
        return function.reset(kind());
    }
}
