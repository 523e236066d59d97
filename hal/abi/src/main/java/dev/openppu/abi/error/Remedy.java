package dev.openppu.abi.error;

/**
 * What to do after an XID, as published, mildest first.
 *
 * <p>Source: Zhenwu 810E, table of XID errors and ECC handling (facts §3, §4).
 */
public enum Remedy {
    /** Only the job is lost. */
    RELAUNCH("only the job is lost: run it again", RecoveryAction.NONE),
    /** Ending all processes lets the driver mask the bad pages. */
    ECC_RELAUNCH("end all processes on the device and run them again (memory shrinks); if it repeats, reset the device",
            RecoveryAction.NONE),
    DEVICE_RESET("reset the device; if it persists, reboot", RecoveryAction.GPU_RESET),
    OS_REBOOT("reboot the host, warm", RecoveryAction.NODE_REBOOT),
    /** Power off and on through the BMC; no recovery action names it, a reboot comes nearest. */
    POWER_CYCLE("power the host off and on again", RecoveryAction.NODE_REBOOT);

    private final String instruction;
    private final RecoveryAction action;

    Remedy(String instruction, RecoveryAction action) {
        this.instruction = instruction;
        this.action = action;
    }

    /** One sentence for a user, without a capital or a full stop. */
    public String instruction() {
        return instruction;
    }

    /** The recovery action to show while this remedy is due; the assignment is ours. */
    public RecoveryAction action() {
        return action;
    }
}
