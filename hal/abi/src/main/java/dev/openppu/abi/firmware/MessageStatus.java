package dev.openppu.abi.firmware;

import java.util.List;
import java.util.Optional;

/** Word 0 of a reply, in the order of the numbers. */
public enum MessageStatus {
    OK, UNKNOWN_TYPE, BAD_CHECKSUM, BAD_SEQUENCE, NO_COMMON_ABI, BAD_ARGUMENT, HELLO_FIRST;

    private static final List<MessageStatus> ALL = List.of(values());

    public int code() {
        return ordinal();
    }

    /** @param code word 0 of a reply, not trusted */
    public static Optional<MessageStatus> of(long code) {
        return code >= 0 && code < ALL.size() ? Optional.of(ALL.get((int) code)) : Optional.empty();
    }
}
