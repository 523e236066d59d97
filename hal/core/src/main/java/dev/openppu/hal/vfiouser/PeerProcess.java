package dev.openppu.hal.vfiouser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The process at the other side, as {@code /proc} shows it.
 *
 * @param number empty if it cannot be seen from here
 */
record PeerProcess(OptionalLong number) {
    /** What is known of it if it does not run, rather than being slow: a verb phrase. */
    Optional<String> notRunning() {
        if (number.isEmpty()) {
            return Optional.empty();
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(number.getAsLong()), "stat"));
            return switch (stat.charAt(stat.lastIndexOf(')') + 2)) { // its name may have parentheses too
                case 'T' -> Optional.of("is stopped");
                case 'Z', 'X' -> Optional.of("has ended"); // and is not buried
                default -> Optional.empty();
            };
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty(); // another may have taken the socket over; the connection itself tells
        }
    }
}
