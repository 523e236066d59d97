package dev.openppu.rdl.live;

/** What a software read does to fields with {@code onread = ruser}. */
@FunctionalInterface
public interface UserReadHook {

    /**
     * @param address the word's address (the register's, unless it is wider than 64 bits)
     * @param mask    the bits read of such fields
     * @param value   the word's value, as software is going to see it
     * @return the word's value afterwards; bits beside {@code mask} do not matter
     */
    long read(long address, long mask, long value);
}
