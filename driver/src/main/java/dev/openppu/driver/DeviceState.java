package dev.openppu.driver;

/** What can be done with an open device. */
public enum DeviceState {
    /** It works. */
    UP,
    /** It does not answer or makes no sense; a reset may help: {@link Ppu#reset}. */
    LOST,
    /** A reset is under way; new contexts wait for its end. */
    RESETTING,
    /** No reset brought it back. */
    DEAD,
    /** It was closed, or let go by {@link Ppu#detach}. */
    CLOSED
}
