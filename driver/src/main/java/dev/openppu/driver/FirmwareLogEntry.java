package dev.openppu.driver;

import dev.openppu.abi.firmware.LogLevel;

/**
 * One line of the firmware's rolling log.
 *
 * @param sequence number of its first record since the firmware's start, modulo 2^32
 * @param deviceNanos device time
 * @param level how grave
 * @param text as the firmware wrote it, not trusted
 */
public record FirmwareLogEntry(long sequence, long deviceNanos, LogLevel level, String text) {}
