package dev.openppu.rdl.live;

/** Registers that something else implements: accesses of software go there, as they are, instead of to the live map. */
public interface ExternalRegisters {

    /**
     * @param address bytes from the start of what was attached
     * @param bytes   1, 2, 4 or 8
     * @return the value; bits beyond {@code bytes} do not matter
     */
    long read(long address, int bytes);

    /**
     * @param address bytes from the start of what was attached
     * @param bytes   1, 2, 4 or 8
     * @param value   the data, zero-extended
     */
    void write(long address, int bytes, long value);
}
