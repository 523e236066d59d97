package dev.openppu.model.pcie;

import java.util.HashMap;
import java.util.Map;

/**
 * What configuration space is made of, as a table: for every byte its value after power-on and which bits software may write, clear by writing ones, and which
 * bits a reset leaves.
 */
final class ConfigLayout {
    static final int SIZE = 4096;

    final byte[] reset = new byte[SIZE];
    final byte[] writable = new byte[SIZE];
    final byte[] clearedByOnes = new byte[SIZE];
    /** Kept by every reset but a cold one: ROS, RWS, RW1CS (7.4). */
    final byte[] sticky = new byte[SIZE];
    /** Kept by a function-level reset only (6.6.2). */
    final byte[] keptByFunctionReset = new byte[SIZE];
    private final Map<Integer, String> names = new HashMap<>();

    /** A register of 1, 2 or 4 bytes at {@code offset}, read-only until told otherwise. */
    Register register(String name, int offset, int bytes, long value) {
        store(reset, offset, bytes, value);
        names.put(offset, name);
        return new Register(offset, bytes);
    }

    /** The name of the register that begins at {@code offset} or covers it. */
    String nameAt(int offset) {
        for (int at = offset; at >= Math.max(0, offset - 3); at--) {
            String name = names.get(at);
            if (name != null) {
                return at == offset ? name : name + "+" + (offset - at);
            }
        }
        return "";
    }

    static void store(byte[] into, int offset, int bytes, long value) {
        for (int i = 0; i < bytes; i++) {
            into[offset + i] = (byte) (value >>> 8 * i);
        }
    }

    /** Access kinds of a register's bits; masks count from its lowest bit. */
    final class Register {
        private final int offset;
        private final int bytes;

        private Register(int offset, int bytes) {
            this.offset = offset;
            this.bytes = bytes;
        }

        Register writable(long mask) {
            return set(writable, mask);
        }

        Register clearedByOnes(long mask) {
            return set(clearedByOnes, mask);
        }

        Register sticky(long mask) {
            return set(sticky, mask);
        }

        Register keptByFunctionReset(long mask) {
            return set(keptByFunctionReset, mask);
        }

        private Register set(byte[] kind, long mask) {
            store(kind, offset, bytes, mask);
            return this;
        }
    }
}
