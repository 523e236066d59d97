package dev.openppu.hal;

/** Resets of a PCIe function, mildest first. */
public enum ResetKind {
    /** Function-level reset: Initiate FLR in the PCIe capability's Device Control register. */
    FUNCTION_LEVEL,
    /** Secondary bus reset: a hot reset through the bridge above the function. */
    SECONDARY_BUS,
    /** Power off and on again; what only power keeps (sticky registers, device memory) is lost. */
    COLD
}
