package dev.openppu.model.census;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.VendorPacket;
import java.util.Locale;

/** Kinds of command packets, by type and, for the vendor's, by format. */
public enum PacketKind {
    KERNEL_DISPATCH,
    BARRIER_AND,
    BARRIER_OR,
    COPY,
    FILL,
    WAIT_VALUE,
    WRITE_VALUE,
    TIMESTAMP,
    /** One that no device serves. */
    UNKNOWN;

    /** The kind of a packet that begins with this word. */
    public static PacketKind of(int word) {
        return switch (AqlHeader.type(word)) {
            case AqlHeader.TYPE_KERNEL_DISPATCH -> KERNEL_DISPATCH;
            case AqlHeader.TYPE_BARRIER_AND -> BARRIER_AND;
            case AqlHeader.TYPE_BARRIER_OR -> BARRIER_OR;
            case AqlHeader.TYPE_VENDOR -> vendor(VendorPacket.format(word));
            default -> UNKNOWN;
        };
    }

    private static PacketKind vendor(int format) {
        return switch (format) {
            case VendorPacket.FORMAT_COPY -> COPY;
            case VendorPacket.FORMAT_FILL -> FILL;
            case VendorPacket.FORMAT_WAIT_VALUE -> WAIT_VALUE;
            case VendorPacket.FORMAT_WRITE_VALUE -> WRITE_VALUE;
            case VendorPacket.FORMAT_TIMESTAMP -> TIMESTAMP;
            default -> UNKNOWN;
        };
    }

    /** As it is written in reports: {@code wait-value}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
