package dev.openppu.driver;

/** Why a context lost its work. */
public enum LossRole {
    /** Its own packet faulted or hung. */
    CULPRIT,
    /** It did nothing wrong: an engine or the device that it used was reset because of another one, or on request. */
    COLLATERAL
}
