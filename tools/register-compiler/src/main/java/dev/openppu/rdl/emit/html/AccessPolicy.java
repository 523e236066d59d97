package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.Access;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.OnWrite;

/** What software may do with a field, in the few letters that verification engineers use: RW, RO, W1C, WRC and so on. */
final class AccessPolicy {

    private AccessPolicy() {}

    /** The letters for {@code field}; at most five. */
    static String of(Field field) {
        Access access = field.sw();
        if (!access.canRead() && !access.canWrite()) {
            return "NA";
        }
        String read = access.canRead() ? read(field.onRead()) : "";
        if (!access.canWrite()) {
            return read.isEmpty() ? "RO" : read;
        }
        String write = write(field.onWrite());
        if (access.once()) {
            return access.canRead() ? write + "1" + read : write + "O1";
        }
        if (!access.canRead()) {
            return writeOnly(write);
        }
        return write.equals("W") && read.isEmpty() ? "RW" : write + read;
    }

    private static String writeOnly(String write) {
        return switch (write) {
            case "W" -> "WO";
            case "WC" -> "WOC";
            case "WS" -> "WOS";
            default -> write + "-O";
        };
    }

    private static String read(OnRead effect) {
        return switch (effect) {
            case NONE -> "";
            case RCLR -> "RC";
            case RSET -> "RS";
            case RUSER -> "RU";
        };
    }

    private static String write(OnWrite effect) {
        return switch (effect) {
            case NONE -> "W";
            case WOSET -> "W1S";
            case WOCLR -> "W1C";
            case WOT -> "W1T";
            case WZS -> "W0S";
            case WZC -> "W0C";
            case WZT -> "W0T";
            case WCLR -> "WC";
            case WSET -> "WS";
            case WUSER -> "WU";
        };
    }
}
