package dev.openppu.model.firmware.board;

/** Lines into the firmware processor. A line says that something happened, not how often. */
public enum InterruptLine {
    /** The timer has run out. */
    ALARM,
    /** The host wrote {@code fw.command_tail}. */
    COMMANDS,
    /** The host wrote {@code fw.event_head}. */
    EVENTS_TAKEN,
    /** The host wrote {@code fw.ring_control}. */
    RING_CONTROL,
    /** The fault FIFO is not empty. */
    FAULT,
    /** A stop has been carried out. */
    STOPPED,
    /** The flash has nothing left to do. */
    FLASH
}
