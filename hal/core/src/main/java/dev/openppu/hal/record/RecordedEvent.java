package dev.openppu.hal.record;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One record. Fields that its kind does not have are 0 or empty.
 *
 * @param number counted from 0 in the whole recording
 * @param nanos the link's time at its end
 * @param thread number of the host thread, 0 for the one that opened the link; of what the device did, the thread that recorded it
 * @param unit BAR, vector, thread, rights …
 * @param place offset or IOVA
 * @param size bytes
 * @param content not to be changed
 */
public record RecordedEvent(long number, long nanos, int thread, Kind kind, int unit, long place, long size, long value, byte[] content) {
    /** Threads that were not begun by the link count from here. */
    public static final int FIRST_FOREIGN_THREAD = 1000;
    /** Longest content of one record. */
    public static final int MOST_CONTENT_BYTES = RecordingFormat.MOST_CONTENT_BYTES;
    private static final byte[] NOTHING = {};

    /** What host software says by a call that is not recorded yet. */
    public static RecordedEvent asked(int thread, Kind kind, int unit, long place, long size, long value, byte[] content) {
        return new RecordedEvent(0, 0, thread, kind, unit, place, size, value, content);
    }

    /** The same without content. */
    public static RecordedEvent asked(int thread, Kind kind, int unit, long place, long size, long value) {
        return asked(thread, kind, unit, place, size, value, NOTHING);
    }

    /** Whether host software says the same by {@code other}. */
    public boolean saysTheSame(RecordedEvent other) {
        return kind == other.kind && (!kind.says('U') || unit == other.unit) && (!kind.says('P') || place == other.place)
                && (!kind.says('S') || size == other.size) && (!kind.says('V') || value == other.value)
                && (!kind.says('C') || Arrays.equals(content, other.content));
    }

    /** The same of the bytes {@code from} to {@code to} of its content only. */
    public RecordedEvent part(int from, int to) {
        byte[] some = Arrays.copyOfRange(content, from, to);
        return new RecordedEvent(number, nanos, thread, kind, unit, place + from, some.length, Checksum.of(MemorySegment.ofArray(some)),
                some);
    }

    /** The first eight bytes of the content, or all if there are fewer, as a number, little-endian. */
    public long leading() {
        long leading = 0;
        for (int i = Math.min(Long.BYTES, content.length) - 1; i >= 0; i--) {
            leading = leading << 8 | content[i] & 0xFF;
        }
        return leading;
    }

    /** The content as text. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordedEvent that && number == that.number && nanos == that.nanos && thread == that.thread
                && kind == that.kind && unit == that.unit && place == that.place && size == that.size && value == that.value
                && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number) * 31 + kind.hashCode();
    }

    /** With the values that its kind has, for messages. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.word());
        append(text, 'U', " unit=", Integer.toString(unit));
        append(text, 'P', " at=", "0x" + Long.toHexString(place));
        append(text, 'S', " bytes=", Long.toString(size));
        append(text, 'V', " value=", "0x" + Long.toHexString(value));
        return text.toString();
    }

    private void append(StringBuilder text, char field, String name, String shown) {
        if (kind.has(field)) {
            text.append(name).append(shown);
        }
    }
}
