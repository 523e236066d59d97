package dev.openppu.harness.input;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text that a user names: UTF-8, all of it. */
public final class TextFile {
    private TextFile() {}

    /**
     * All of a file.
     *
     * @throws IllegalArgumentException if it is no UTF-8; the message says in which line
     * @throws IOException if it cannot be read
     */
    public static String read(Path file) throws IOException {
        return decode(ByteBuffer.wrap(Files.readAllBytes(file)), file.toString());
    }

    /**
     * The remaining bytes, which are of {@code name} and begin its first line.
     *
     * @throws IllegalArgumentException if they are no UTF-8; the message says in which line
     */
    public static String decode(ByteBuffer bytes, String name) {
        ByteBuffer in = bytes.duplicate();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
        } catch (CharacterCodingException e) {
            String before = StandardCharsets.UTF_8.decode(bytes.duplicate().limit(in.position())).toString();
            long line = 1 + before.chars().filter(c -> c == '\n').count();
            throw new IllegalArgumentException("%s:%d: this is no UTF-8 text (byte 0x%02x)".formatted(name, line, in.get(in.position())),
                    e);
        }
    }
}
