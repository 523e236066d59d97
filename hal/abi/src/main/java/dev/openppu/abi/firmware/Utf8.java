package dev.openppu.abi.firmware;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** UTF-8 in fields of a fixed size: no character is ever cut in two. */
final class Utf8 {
    private static final int CONTINUATION_MASK = 0xc0;
    private static final int CONTINUATION = 0x80;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    private Utf8() {}

    /** Pieces of at most {@code most} bytes, each of whole characters; an empty text is one empty piece. */
    static List<byte[]> pieces(String text, int most) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        do {
            int to = end(bytes, from, most);
            byte[] piece = new byte[to - from];
            System.arraycopy(bytes, from, piece, 0, piece.length);
            pieces.add(piece);
            from = to;
        } while (from < bytes.length);
        return pieces;
    }

    /** Text that firmware wrote, which is not trusted: each character that could steer a terminal or end a line of a log is a question mark. */
    static String untrusted(MemorySegment text) {
        String decoded = new String(text.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        return CONTROL.matcher(decoded).replaceAll("?");
    }

    private static int end(byte[] bytes, int from, int most) {
        int to = Math.min(bytes.length, from + most);
        while (to < bytes.length && (bytes[to] & CONTINUATION_MASK) == CONTINUATION) {
            to--;
        }
        return to;
    }
}
