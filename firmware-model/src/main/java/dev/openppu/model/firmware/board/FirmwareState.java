package dev.openppu.model.firmware.board;

/** What firmware can say of itself to the boot ROM. */
public enum FirmwareState {
    RUNNING, HALTED, CRASHED
}
