package dev.openppu.rdl.model;

/** What a software read does to a field. */
public enum OnRead {
    /** Nothing. */
    NONE,
    /** Clears it. */
    RCLR,
    /** Sets all its bits. */
    RSET,
    /** What the user defines. */
    RUSER
}
