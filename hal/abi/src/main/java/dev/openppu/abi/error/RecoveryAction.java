package dev.openppu.abi.error;

/**
 * The management library's recovery actions in the order of their numbers, 0 to 5.
 *
 * <p>Source: Zhenwu 810E, reset ladder and recovery (facts §5).
 */
public enum RecoveryAction {
    NONE, GPU_RESET, NODE_REBOOT, DRAIN_P2P, DRAIN_AND_RESET, GPU_RESET_BUS;

    public int number() {
        return ordinal();
    }
}
