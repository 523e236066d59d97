package dev.openppu.rdl.live;

/** Hardware that acts on software's writes to a register. */
@FunctionalInterface
public interface WriteHook {

    /**
     * The register holds {@code newValue} when this is called; bits of single-pulse fields clear themselves when it returns.
     *
     * @param address  the register's address; of one wider than 64 bits, that of the word concerned
     * @param oldValue its value before
     * @param written  what software wrote, at its place in the register
     * @param newValue its value now
     */
    void afterWrite(long address, long oldValue, long written, long newValue);
}
