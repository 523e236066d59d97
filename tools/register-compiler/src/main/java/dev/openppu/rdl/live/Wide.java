package dev.openppu.rdl.live;

import java.math.BigInteger;

/** Values wider than a {@code long}, word by word. */
final class Wide {

    private static final int WORD = 64;

    private Wide() {}

    /** {@code word} without a sign. */
    static BigInteger unsigned(long word) {
        BigInteger signed = BigInteger.valueOf(word);
        return word >= 0 ? signed : signed.add(BigInteger.ONE.shiftLeft(WORD));
    }

    /** The 64 bits of {@code value} from bit {@code from} on. */
    static long word(BigInteger value, int from) {
        return value.shiftRight(from).longValue();
    }
}
