package dev.openppu.hal.record;

/** How a wait ended; the ordinals are the file's. */
public enum Waited {
    /** The deadline had passed. */
    TIMED_OUT,
    /** The condition held. */
    HELD
}
