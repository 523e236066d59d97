package dev.openppu.rdl.live;

/** What a software write makes of fields with {@code onwrite = wuser}. */
@FunctionalInterface
public interface UserWriteHook {

    /**
     * @param address the word's address (the register's, unless it is wider than 64 bits)
     * @param mask    the bits written of such fields
     * @param value   the word's value before
     * @param written the data, at its place in the word
     * @return the word's value afterwards; bits beside {@code mask} do not matter
     */
    long write(long address, long mask, long value, long written);
}
