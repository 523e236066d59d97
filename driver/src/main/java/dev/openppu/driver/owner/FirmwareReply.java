package dev.openppu.driver.owner;

import dev.openppu.abi.firmware.MessageStatus;
import java.util.Objects;

/**
 * The firmware's answer to a command, checked.
 *
 * @param words w1 to w5 of the payload
 */
public record FirmwareReply(MessageStatus status, long[] words) {
    /** @param index 1 to 5 */
    public long word(int index) {
        return words[Objects.checkIndex(index - 1, words.length)];
    }
}
