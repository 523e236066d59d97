package dev.openppu.hal.record;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Appends records to blocks. Used by one thread at a time; after {@link #close} records are thrown away. */
final class RecordingWriter implements AutoCloseable {
    private final BlockFile file;
    private @Nullable ByteBuffer block;
    private int records;
    private long base;
    private long last;

    /**
     * @param told hears once, on any thread, that the file ends before what happens does
     * @throws RecordingException if the file cannot be written
     */
    RecordingWriter(Path path, Consumer<RecordingException> told) {
        this.file = new BlockFile(path, told);
    }

    /** Before the first record. */
    void begin(RecordingInfo info) {
        file.begin(info);
        base = info.origin();
        last = base;
        block = file.take();
    }

    /** @param content at most {@link RecordingFormat#MOST_CONTENT_BYTES} */
    void append(Kind kind, int thread, long nanos, int unit, long place, long size, long value, @Nullable MemorySegment content) {
        ByteBuffer current = block;
        if (current == null || file.failed()) {
            return;
        }
        int bytes = content == null ? 0 : (int) content.byteSize();
        ByteBuffer out = current.remaining() < RecordingFormat.MOST_RECORD_HEAD_BYTES + bytes ? next(current) : current;
        out.put((byte) kind.code());
        Varint.put(out, thread);
        Varint.putSigned(out, nanos - last);
        last = nanos;
        put(out, kind, 'U', unit);
        put(out, kind, 'P', place);
        put(out, kind, 'S', size);
        put(out, kind, 'V', value);
        if (kind.has('C')) {
            Varint.put(out, bytes);
            if (content != null) {
                MemorySegment.copy(content, 0, MemorySegment.ofBuffer(out), 0, bytes);
                out.position(out.position() + bytes);
            }
        }
        records++;
    }

    private static void put(ByteBuffer out, Kind kind, char field, long value) {
        if (kind.has(field)) {
            Varint.put(out, value);
        }
    }

    private ByteBuffer next(ByteBuffer current) {
        file.put(current, records, base);
        records = 0;
        base = last;
        ByteBuffer fresh = file.take();
        block = fresh;
        return fresh;
    }

    @Override
    public void close() {
        ByteBuffer current = block;
        if (current == null) {
            file.close();
            return;
        }
        ByteBuffer end = records == 0 ? current : next(current);
        block = null;
        file.put(end, 0, base);
        file.close();
    }
}
