package dev.openppu.abi.firmware;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** UTF-8 in fields of a fixed size: no character is ever cut in two. */
final class Utf8 {
    private static final int CONTINUATION_MASK = 0xc0;
    private static final int CONTINUATION = 0x80;

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

    private static int end(byte[] bytes, int from, int most) {
        int to = Math.min(bytes.length, from + most);
        while (to < bytes.length && (bytes[to] & CONTINUATION_MASK) == CONTINUATION) {
            to--;
        }
        return to;
    }
}
