package dev.openppu.harness;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Comparisons whose failures say what was expected and what was seen. */
public final class Check {
    private Check() {}

    /** @param what the thing compared, for example {@code id.magic} */
    public static void equal(String what, @Nullable Object expected, @Nullable Object seen) {
        if (!Objects.equals(expected, seen)) {
            throw new CheckFailedException(what + " = " + expected, String.valueOf(seen));
        }
    }

    /** As {@link #equal(String, Object, Object)}, in hexadecimal. */
    public static void hex(String what, long expected, long seen) {
        if (expected != seen) {
            throw new CheckFailedException("%s = 0x%x".formatted(what, expected), "0x%x".formatted(seen));
        }
    }

    public static void that(boolean holds, String expected, String seen) {
        if (!holds) {
            throw new CheckFailedException(expected, seen);
        }
    }

    /**
     * Compares whole arrays and names the first difference.
     *
     * @param what the thing compared
     */
    public static void bytes(String what, byte[] expected, byte[] seen) {
        int at = java.util.Arrays.mismatch(expected, seen);
        if (at < 0) {
            return;
        }
        if (at >= expected.length || at >= seen.length) {
            throw new CheckFailedException(what + ": " + expected.length + " bytes", seen.length + " bytes");
        }
        throw new CheckFailedException("%s: byte 0x%x of %d = 0x%02x".formatted(what, at, expected.length, expected[at]),
                "0x%02x".formatted(seen[at]));
    }
}
