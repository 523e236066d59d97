package dev.openppu.driver;

import java.util.List;

/**
 * What the firmware's rolling log holds now.
 *
 * @param entries oldest first
 * @param lost records that were written and are not there any more
 * @param damaged records that were overwritten while they were read, or make no sense
 */
public record FirmwareLog(List<FirmwareLogEntry> entries, long lost, int damaged) {
    public FirmwareLog {
        entries = List.copyOf(entries);
    }
}
