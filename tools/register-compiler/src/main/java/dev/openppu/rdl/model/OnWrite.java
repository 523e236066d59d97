package dev.openppu.rdl.model;

/** What a software write makes of a field: {@code d} is the data written, {@code v} the value before. */
public enum OnWrite {
    /** {@code d}. */
    NONE,
    /** {@code v | d}. */
    WOSET,
    /** {@code v & ~d}. */
    WOCLR,
    /** {@code v ^ d}. */
    WOT,
    /** {@code v | ~d}. */
    WZS,
    /** {@code v & d}. */
    WZC,
    /** {@code v ^ ~d}. */
    WZT,
    /** 0. */
    WCLR,
    /** All ones. */
    WSET,
    /** What the user defines. */
    WUSER
}
