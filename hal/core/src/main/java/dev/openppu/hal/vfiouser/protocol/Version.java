package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Payload of {@link Command#VERSION}, of command and reply: major and minor version, 16 bits each, and the capabilities as JSON that a NUL ends.
 *
 * <p>The reply has the major version of the command, and a minor version that is not higher.
 */
public record Version(int major, int minor, PeerCapabilities capabilities) implements Payload {
    /** What is spoken here. */
    public static final int MAJOR = 0;
    public static final int MINOR = 0;
    /** Of JSON that is read at all. */
    public static final int LONGEST_TEXT = 4096;

    private static final int FIXED = 4;
    private static final int MINOR_OFFSET = 2;

    /** @throws ProtocolException if the text is not JSON, or not ended, or its numbers are out of range */
    public static Version decode(MemorySegment payload) {
        Wire.demandAtLeast(payload, FIXED, "VERSION");
        return new Version(Wire.u16(payload, 0), Wire.u16(payload, MINOR_OFFSET), PeerCapabilities.parse(text(payload.asSlice(FIXED))));
    }

    /** Without text there are no capabilities. */
    private static String text(MemorySegment data) {
        if (data.byteSize() == 0) {
            return "{}";
        }
        if (data.byteSize() > LONGEST_TEXT) {
            throw ProtocolException.malformed("VERSION has %d bytes of text; %d are read".formatted(data.byteSize(), LONGEST_TEXT));
        }
        byte[] bytes = data.toArray(ValueLayout.JAVA_BYTE);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        if (end != bytes.length - 1) {
            throw ProtocolException.malformed("VERSION's text is not ended by the message's last byte");
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private byte[] json() {
        return capabilities.json().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int bytes() {
        return FIXED + json().length + 1;
    }

    @Override
    public void encode(MemorySegment to) {
        byte[] json = json();
        Wire.u16(to, 0, major);
        Wire.u16(to, MINOR_OFFSET, minor);
        MemorySegment.copy(json, 0, to, ValueLayout.JAVA_BYTE, FIXED, json.length);
        to.set(ValueLayout.JAVA_BYTE, FIXED + json.length, (byte) 0);
    }
}
