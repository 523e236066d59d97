package dev.openppu.rdl.svd;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What registers inherit from around them.
 *
 * @param size       bits
 * @param access     what software may do, in the format's words
 * @param resetValue the value after reset, or null
 * @param resetMask  the bits of it that are known, or null for all
 */
record Defaults(long size, String access, @Nullable BigInteger resetValue, @Nullable BigInteger resetMask) {

    static final Defaults NONE = new Defaults(32, "read-write", null, null);

    private static final long WIDEST = 1 << 16;

    /** What {@code element} hands on. */
    Defaults within(SvdElement element, SvdNumbers numbers) {
        String newAccess = element.text("access");
        BigInteger newValue = numbers.find(element, "resetValue");
        BigInteger newMask = numbers.find(element, "resetMask");
        return new Defaults(numbers.find(element, "size", WIDEST, size), newAccess == null ? access : newAccess,
                newValue == null ? resetValue : newValue, newMask == null ? resetMask : newMask);
    }
}
