package dev.openppu.driver;

/** Whether a bring-up resets the function first. */
public enum ResetPolicy {
    /** Only if the function is not as power-on left it: firmware was started, or it may still be master of the bus. */
    IF_NEEDED,
    /** A function-level reset in any case. */
    FUNCTION_LEVEL,
    /** A cold reset in any case: device memory and sticky registers are lost. */
    COLD
}
