package dev.openppu.hal.record;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Any bytes are a recording or a {@link RecordingException}, and any records of a whole block end as records or with one message. */
class RecordingFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void read(byte[] input) throws IOException {
        Path file = Files.createTempFile("fuzz", ".rec");
        try {
            Files.write(file, input);
            readAll(file);
            Files.write(file, framed(input));
            readAll(file);
        } finally {
            Files.delete(file);
        }
    }

    private static void readAll(Path file) {
        try (RecordingReader reader = new RecordingReader(file)) {
            for (RecordedEvent event = reader.next(); event != null; event = reader.next()) {
                if (event.toString().isEmpty()) {
                    throw new AssertionError("a record without a text");
                }
            }
        } catch (RecordingException e) {
            if (String.valueOf(e.getMessage()).isEmpty()) {
                throw new AssertionError("no message", e);
            }
        }
    }

    /** The input as description and as records, with checksums that hold. */
    private static byte[] framed(byte[] input) {
        int half = input.length / 2;
        byte[] description = {0, 0, 0, 0, (byte) 0x80, 0x20, 0, 0, 0, 0, 0, 0, 0};
        boolean own = input.length > 0 && input[0] < 0;
        byte[] head = own ? java.util.Arrays.copyOf(input, half) : description;
        ByteBuffer file = ByteBuffer.allocate(RecordingFormat.HEAD_BYTES + head.length + RecordingFormat.BLOCK_HEAD_BYTES + input.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put(RecordingFormat.MAGIC).putShort((short) RecordingFormat.VERSION).put(RecordingFormat.WRITING).put((byte) 0);
        file.putInt(head.length).putInt(crc(head, 0, head.length)).put(head);
        int block = file.position();
        file.putInt(RecordingFormat.BLOCK_MAGIC).putInt(0).putInt(input.length).putInt(input.length / 3).putLong(0).putInt(0).put(input);
        CRC32C crc = new CRC32C();
        crc.update(file.array(), block, RecordingFormat.BLOCK_CRC_OFFSET);
        crc.update(input);
        file.putInt(block + RecordingFormat.BLOCK_CRC_OFFSET, (int) crc.getValue());
        return file.array();
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
