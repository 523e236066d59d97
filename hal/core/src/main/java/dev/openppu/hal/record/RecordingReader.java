package dev.openppu.hal.record;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording from the beginning to its end, one block in memory at a time. A file that was cut, or whose writer died, is read up to its last whole block; {@link #ending} says
 * how it ended. For one thread.
 */
public final class RecordingReader implements AutoCloseable {
    private final Path path;
    private final FileChannel file;
    private final byte state;
    private final RecordingInfo info;
    private ByteBuffer block = ByteBuffer.allocate(0);
    private int left;
    private int blocks;
    private long number;
    private long last;
    private @Nullable String ending;

    /** @throws RecordingException if the file cannot be read or is no recording */
    public RecordingReader(Path path) {
        this.path = path;
        try {
            this.file = FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new RecordingException("cannot read the recording %s: %s".formatted(path, why(e)), e);
        }
        try {
            ByteBuffer head = read(RecordingFormat.HEAD_BYTES);
            checkHead(head);
            this.state = head.get(RecordingFormat.STATE_OFFSET);
            this.info = RecordingInfo.decode(description(head));
            this.last = info.origin();
        } catch (RecordingException e) {
            closeFile();
            throw new RecordingException(path + ": " + e.getMessage(), e);
        }
    }

    private static void checkHead(ByteBuffer head) {
        byte[] magic = new byte[RecordingFormat.MAGIC.length];
        if (head.remaining() >= magic.length) {
            head.get(0, magic);
        }
        if (!Arrays.equals(magic, RecordingFormat.MAGIC) || head.remaining() < RecordingFormat.HEAD_BYTES) {
            throw new RecordingException("this is no recording: it does not begin as one does");
        }
        int version = Short.toUnsignedInt(head.getShort(RecordingFormat.VERSION_OFFSET));
        if (version != RecordingFormat.VERSION) {
            throw new RecordingException("a recording of version %d, this program reads version %d".formatted(version,
                    RecordingFormat.VERSION));
        }
        int state = Byte.toUnsignedInt(head.get(RecordingFormat.STATE_OFFSET));
        if (state > RecordingFormat.TRUNCATED) {
            throw new RecordingException("its head is damaged: there is no state %d".formatted(state));
        }
    }

    private byte[] description(ByteBuffer head) {
        int bytes = head.getInt(RecordingFormat.DESCRIPTION_BYTES_OFFSET);
        if (bytes < 0 || bytes > RecordingFormat.MOST_DESCRIPTION_BYTES) {
            throw new RecordingException("its description has %d bytes, at most %d are allowed".formatted(Integer.toUnsignedLong(bytes),
                    RecordingFormat.MOST_DESCRIPTION_BYTES));
        }
        ByteBuffer description = read(bytes);
        CRC32C crc = new CRC32C();
        crc.update(description.duplicate());
        if (description.remaining() < bytes || (int) crc.getValue() != head.getInt(RecordingFormat.DESCRIPTION_CRC_OFFSET)) {
            throw new RecordingException("its description is damaged");
        }
        return description.array();
    }

    /** What the recording says of itself. */
    public RecordingInfo info() {
        return info;
    }

    /** The next record; null at the end. */
    public @Nullable RecordedEvent next() {
        while (left == 0) {
            if (ending != null || !nextBlock()) {
                return null;
            }
        }
        try {
            left--;
            RecordedEvent event = decode();
            if (left == 0 && block.hasRemaining()) {
                throw new RecordingException("it has more bytes than records");
            }
            return event;
        } catch (RecordingException | BufferUnderflowException e) {
            left = 0;
            ending = "is damaged in block %d (%s)".formatted(blocks - 1,
                    e instanceof RecordingException ? e.getMessage() : "it is too short");
            return null;
        }
    }

    private RecordedEvent decode() {
        int code = Byte.toUnsignedInt(block.get());
        Kind kind = Kind.of(code);
        if (kind == null) {
            throw new RecordingException("there is no kind of record " + code);
        }
        int thread = small(Varint.get(block), "thread");
        last += Varint.getSigned(block);
        int unit = kind.has('U') ? small(Varint.get(block), "unit") : 0;
        long place = kind.has('P') ? Varint.get(block) : 0;
        long size = kind.has('S') ? Varint.get(block) : 0;
        long value = kind.has('V') ? Varint.get(block) : 0;
        byte[] content = new byte[kind.has('C') ? contentBytes() : 0];
        block.get(content);
        return new RecordedEvent(number++, last, thread, kind, unit, place, size, value, content);
    }

    private int contentBytes() {
        long bytes = Varint.get(block);
        if (bytes < 0 || bytes > Math.min(block.remaining(), RecordingFormat.MOST_CONTENT_BYTES)) {
            throw new RecordingException("content of %s bytes".formatted(Long.toUnsignedString(bytes)));
        }
        return (int) bytes;
    }

    private static int small(long value, String what) {
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new RecordingException("a " + what + " of " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    private boolean nextBlock() {
        ByteBuffer head = read(RecordingFormat.BLOCK_HEAD_BYTES);
        if (head.remaining() < RecordingFormat.BLOCK_HEAD_BYTES) {
            ending = head.remaining() == 0 ? cut() : cutWithin();
            return false;
        }
        int bytes = head.getInt(8);
        boolean end = head.getInt(0) == RecordingFormat.END_MAGIC && bytes == 0;
        if (!end && head.getInt(0) != RecordingFormat.BLOCK_MAGIC || head.getInt(4) != blocks || bytes < 0
                || bytes > RecordingFormat.MOST_BLOCK_BYTES) {
            ending = "is damaged where block %d should begin".formatted(blocks);
            return false;
        }
        ByteBuffer records = read(bytes);
        if (records.remaining() < bytes) {
            ending = cutWithin();
            return false;
        }
        return open(head, records, end);
    }

    private boolean open(ByteBuffer head, ByteBuffer records, boolean end) {
        CRC32C crc = new CRC32C();
        crc.update(head.duplicate().limit(RecordingFormat.BLOCK_CRC_OFFSET));
        crc.update(records.duplicate());
        left = head.getInt(12);
        if ((int) crc.getValue() != head.getInt(RecordingFormat.BLOCK_CRC_OFFSET) || left < 0 || left > records.remaining()) {
            left = 0;
            ending = "is damaged in block %d: its checksum is wrong".formatted(blocks);
            return false;
        }
        blocks++;
        block = records;
        last = head.getLong(16);
        if (end) {
            ending = state == RecordingFormat.TRUNCATED ? cut() : followed();
            return false;
        }
        if (left == 0) {
            ending = "is damaged in block %d: it has no records".formatted(blocks - 1);
            return false;
        }
        return true;
    }

    /** Whatever stands behind its end is no part of it. */
    private String followed() {
        long more = 0;
        for (int part = read(RecordingFormat.MOST_BLOCK_BYTES).limit(); part > 0; part = read(RecordingFormat.MOST_BLOCK_BYTES).limit()) {
            more += part;
        }
        return more == 0 ? "" : "is followed by %d bytes that are no part of it".formatted(more);
    }

    private static String why(IOException e) {
        return FileProblem.words(e, "there is no such file");
    }

    private String cut() {
        return switch (state) {
            case RecordingFormat.TRUNCATED -> "is truncated: its writer met a write error (disk full?)";
            case RecordingFormat.COMPLETE -> "is cut behind block %d".formatted(blocks - 1);
            default -> "ends early: it was never closed, its writer died, or still writes";
        };
    }

    private String cutWithin() {
        return state == RecordingFormat.TRUNCATED ? cut() : "is cut within block %d".formatted(blocks);
    }

    /**
     * How it ended, after {@link #next} has answered null: empty if it is whole and nothing follows, else what is to be said behind "the recording": it "ends early" if its writer died between two blocks, all of
     * which are whole; it "is truncated" if the writer met an error; else it was damaged or cut.
     */
    public String ending() {
        return ending == null ? "" : ending;
    }

    /** The file. */
    public Path path() {
        return path;
    }

    private ByteBuffer read(int bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (buffer.hasRemaining() && file.read(buffer) >= 0) {
                // as many as there are
            }
        } catch (IOException e) {
            throw new RecordingException("cannot read the recording: " + why(e), e);
        }
        return buffer.flip();
    }

    private void closeFile() {
        try {
            file.close();
        } catch (IOException e) {
            throw new RecordingException("cannot close the recording: " + e, e);
        }
    }

    @Override
    public void close() {
        closeFile();
    }
}
