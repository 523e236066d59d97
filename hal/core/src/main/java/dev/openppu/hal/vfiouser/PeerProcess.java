package dev.openppu.hal.vfiouser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The process at the other side, as {@code /proc} shows it.
 *
 * @param number empty if it cannot be seen from here
 */
record PeerProcess(OptionalLong number) {
    /** Stopped by a signal, dead and not buried, gone. */
    private static final String NOT_RUNNING = "TZX";

    /** Whether it is known not to run, rather than to be slow. */
    boolean stopped() {
        if (number.isEmpty()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(number.getAsLong()), "stat"));
            return NOT_RUNNING.indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0; // its name may have parentheses too
        } catch (IOException | IndexOutOfBoundsException e) {
            return false; // another may have taken the socket over; the connection itself tells
        }
    }
}
