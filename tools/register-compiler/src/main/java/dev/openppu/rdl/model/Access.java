package dev.openppu.rdl.model;

/** What one side, software or hardware, may do with a field. */
public enum Access {
    /** Reads and writes. */
    RW,
    /** Reads only. */
    R,
    /** Writes only; reads 0. */
    W,
    /** Reads; only the first write after a reset takes effect. */
    RW1,
    /** Only the first write after a reset takes effect; reads 0. */
    W1,
    /** Neither. */
    NA;

    /** By the standard's keyword; {@code wr} is {@code rw}. */
    public static Access of(String keyword) {
        return keyword.equals("wr") ? RW : valueOf(keyword.toUpperCase(java.util.Locale.ROOT));
    }

    /** Whether that side sees the field's value. */
    public boolean canRead() {
        return this == RW || this == R || this == RW1;
    }

    /** Whether that side can change the field's value. */
    public boolean canWrite() {
        return this != R && this != NA;
    }

    /** Whether only the first write after a reset takes effect. */
    public boolean once() {
        return this == RW1 || this == W1;
    }
}
