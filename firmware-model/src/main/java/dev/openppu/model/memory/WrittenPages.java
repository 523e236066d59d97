package dev.openppu.model.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of a memory were written: a bitmap in pieces, of which only those with a page in them are there. A device of 96 GiB would need 3 MiB of it, and a
 * program touches some dozen of them. Pages are counted from 0. Safe for several threads; what was added before a store is seen by whoever sees that store.
 */
final class WrittenPages {
    private static final int WORD_SHIFT = 6;
    /** 512 words stand for 128 MiB in pages of 4 KiB. */
    private static final int PIECE_SHIFT = 9;
    private static final int PIECE_WORDS = 1 << PIECE_SHIFT;
    private static final int PIECE_PAGES_SHIFT = PIECE_SHIFT + WORD_SHIFT;
    private static final VarHandle PIECE = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] @Nullable [] pieces;

    /** @param pages all that there are */
    WrittenPages(long pages) {
        pieces = new long[Math.toIntExact((pages - 1 >>> PIECE_PAGES_SHIFT) + 1)][];
    }

    private long @Nullable [] piece(long page) {
        return (long[]) PIECE.getAcquire(pieces, (int) (page >>> PIECE_PAGES_SHIFT));
    }

    private long[] pieceToWrite(long page) {
        long[] present = piece(page);
        if (present != null) {
            return present;
        }
        long[] fresh = new long[PIECE_WORDS];
        long[] winner = (long[]) PIECE.compareAndExchange(pieces, (int) (page >>> PIECE_PAGES_SHIFT), null, fresh);
        return winner == null ? fresh : winner;
    }

    private static int word(long page) {
        return (int) (page >>> WORD_SHIFT) & PIECE_WORDS - 1;
    }

    boolean has(long page) {
        long[] piece = piece(page);
        return piece != null && ((long) WORD.getAcquire(piece, word(page)) >>> page & 1) != 0;
    }

    void add(long page) {
        long[] piece = pieceToWrite(page);
        long bit = 1L << page;
        if (((long) WORD.getOpaque(piece, word(page)) & bit) == 0) {
            WORD.getAndBitwiseOrRelease(piece, word(page), bit);
        }
    }

    void remove(long page) {
        long[] piece = piece(page);
        if (piece != null) {
            WORD.getAndBitwiseAndRelease(piece, word(page), ~(1L << page));
        }
    }

    /** The pieces stay: who is just adding a page adds it to one that counts. */
    void clear() {
        for (int i = 0; i < pieces.length; i++) {
            long[] piece = (long[]) PIECE.getAcquire(pieces, i);
            for (int word = 0; piece != null && word < PIECE_WORDS; word++) {
                WORD.setRelease(piece, word, 0L);
            }
        }
    }

    /** The first page from {@code page} on that is not {@code state}; {@code limit} if all below that are. */
    long runEnd(long page, boolean state, long limit) {
        long at = page;
        while (at < limit) {
            long[] piece = piece(at);
            if (piece == null) {
                if (state) {
                    return at;
                }
                at = (at >>> PIECE_PAGES_SHIFT) + 1 << PIECE_PAGES_SHIFT;
                continue;
            }
            long word = (long) WORD.getAcquire(piece, word(at));
            long differing = (state ? ~word : word) >>> at;
            if (differing != 0) {
                return Math.min(limit, at + Long.numberOfTrailingZeros(differing));
            }
            at = (at | (1 << WORD_SHIFT) - 1) + 1;
        }
        return limit;
    }
}
