package dev.openppu.abi.firmware;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The payload of a {@link MessageType#LOG} event: w0 the level, then 40 bytes of UTF-8, NUL-padded, of whole characters. */
public final class LogEvent {
    /** Bytes of text that an event takes. */
    public static final int TEXT_BYTES = 40;

    private static final int TEXT_OFFSET = FirmwareMessage.PAYLOAD_OFFSET + Long.BYTES;

    private LogEvent() {}

    /** Writes the payload; what does not fit of the text is left out. */
    public static void encode(MemorySegment message, long base, LogLevel level, String text) {
        FirmwareMessage.word(message, base, 0, level.code());
        byte[] bytes = Utf8.pieces(text, TEXT_BYTES).getFirst();
        MemorySegment field = message.asSlice(base + TEXT_OFFSET, TEXT_BYTES);
        field.fill((byte) 0);
        MemorySegment.copy(bytes, 0, field, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }
}
