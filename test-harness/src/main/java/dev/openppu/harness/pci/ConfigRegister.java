package dev.openppu.harness.pci;

import dev.openppu.hal.pci.ConfigSpace;

/**
 * What the specification says of one register of configuration space. Bits of none of the masks are read-only: they keep their value whatever is written.
 *
 * @param name for messages, {@code power.control_status}
 * @param offset in config space
 * @param bytes 1, 2 or 4
 * @param clause of the PCI Express Base Specification 6.0
 * @param writable bits that take what is written
 * @param cleared RW1C: a one clears the bit, a zero leaves it
 * @param zero reserved or hardwired to 0
 * @param free not judged: optional, or driven by hardware
 * @param spared never written otherwise than they are, because that would do something (reset, power state)
 * @param kept survive a function-level reset (6.6.2; sticky, 7.4)
 */
record ConfigRegister(String name, int offset, int bytes, String clause, int writable, int cleared, int zero, int free, int spared,
        int kept) {

    /** A register that is read-only so far. */
    static ConfigRegister at(String name, int offset, int bytes, String clause) {
        return new ConfigRegister(name, offset, bytes, clause, 0, 0, 0, 0, 0, 0);
    }

    ConfigRegister withWritable(int mask) {
        return new ConfigRegister(name, offset, bytes, clause, mask, cleared, zero, free, spared, kept);
    }

    ConfigRegister withCleared(int mask) {
        return new ConfigRegister(name, offset, bytes, clause, writable, mask, zero, free, spared, kept);
    }

    ConfigRegister withZero(int mask) {
        return new ConfigRegister(name, offset, bytes, clause, writable, cleared, mask, free, spared, kept);
    }

    ConfigRegister withFree(int mask) {
        return new ConfigRegister(name, offset, bytes, clause, writable, cleared, zero, mask, spared, kept);
    }

    ConfigRegister withSpared(int mask) {
        return new ConfigRegister(name, offset, bytes, clause, writable, cleared, zero, free, mask, kept);
    }

    ConfigRegister withKept(int mask) {
        return new ConfigRegister(name, offset, bytes, clause, writable, cleared, zero, free, spared, mask);
    }

    /** All bits of the register. */
    int bits() {
        return -1 >>> Integer.SIZE - width();
    }

    int width() {
        return Byte.SIZE * bytes;
    }

    /** Zero-extended. */
    int read(ConfigSpace config) {
        return switch (bytes) {
            case 1 -> config.read8(offset);
            case 2 -> config.read16(offset);
            default -> config.read32(offset);
        };
    }

    void write(ConfigSpace config, int value) {
        switch (bytes) {
            case 1 -> config.write8(offset, value);
            case 2 -> config.write16(offset, value);
            default -> config.write32(offset, value);
        }
    }

    /** What the judged bits must be once {@code written} has been written where {@code before} was. */
    int after(int before, int written) {
        int readOnly = bits() & ~(writable | cleared | zero | free);
        return before & readOnly | written & writable | before & ~written & cleared;
    }

    /** Bits that {@link #after} tells. */
    int judged() {
        return bits() & ~free;
    }
}
