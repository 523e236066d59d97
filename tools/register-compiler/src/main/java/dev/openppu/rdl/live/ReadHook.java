package dev.openppu.rdl.live;

/** Hardware that wants to be asked before software reads a register, to drive what changes by itself. */
@FunctionalInterface
public interface ReadHook {

    /**
     * @param address the register's address; of one wider than 64 bits, that of the word concerned
     */
    void beforeRead(long address);
}
