package dev.openppu.cli.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of a channel, none longer than a limit. What is no UTF-8 becomes replacement characters. */
final class LineReader {

    private final ReadableByteChannel channel;
    private final ByteBuffer buffer;

    /** A line that does not end within the limit. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    LineReader(ReadableByteChannel channel, int longest) {
        this.channel = channel;
        this.buffer = ByteBuffer.allocate(longest).flip();
    }

    /** The next line without its end; null at the end of the channel, where a line that has none is dropped. */
    @Nullable
    String next() throws IOException {
        int searched = 0;
        while (true) {
            for (int at = buffer.position() + searched; at < buffer.limit(); at++) {
                if (buffer.get(at) == '\n') {
                    return take(at);
                }
            }
            searched = buffer.remaining();
            if (searched == buffer.capacity()) {
                throw new TooLongException();
            }
            buffer.compact();
            int read = channel.read(buffer);
            buffer.flip();
            if (read < 0) {
                return null;
            }
        }
    }

    private String take(int end) {
        String line = new String(buffer.array(), buffer.position(), end - buffer.position(), StandardCharsets.UTF_8);
        buffer.position(end + 1);
        return line.stripTrailing();
    }
}
