package dev.openppu.rdl.emit.c;

import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;

/**
 * The words that something is made of in C.
 *
 * @param bits  bits of a word: 8, 16, 32 or 64
 * @param count how many there are
 */
record CWords(int bits, int count) {

    private static final int WIDEST = 64;

    /** A register's: as wide as an access that it takes. */
    static CWords of(Register register) {
        int bits = Math.min(WIDEST, register.accessWidth());
        return new CWords(bits, register.width() / bits);
    }

    /** Those of an entry of a memory. */
    static CWords of(Memory memory) {
        long bytes = entryBytes(memory);
        int bits = (int) Math.min(WIDEST, bytes * 8);
        return new CWords(bits, (int) (bytes * 8 / bits));
    }

    static long entryBytes(Memory memory) {
        return Math.max(1, memory.elementSize() / memory.entries());
    }

    int bytes() {
        return bits / 8;
    }

    String type() {
        return "uint" + bits + "_t";
    }
}
