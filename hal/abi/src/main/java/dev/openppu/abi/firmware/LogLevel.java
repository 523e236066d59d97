package dev.openppu.abi.firmware;

import java.util.List;

/** How grave a line of the firmware's log is, in the order of the numbers. */
public enum LogLevel {
    DEBUG, INFORMATION, WARNING, ERROR;

    private static final List<LogLevel> ALL = List.of(values());

    public int code() {
        return ordinal();
    }

    /** @param code as the device says, not trusted: what is unknown counts as the gravest */
    public static LogLevel of(long code) {
        return code >= 0 && code < ALL.size() ? ALL.get((int) code) : ERROR;
    }
}
