package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;

/** What stands behind a message's header. */
public interface Payload {

    /** Bytes that {@link #encode} writes. */
    int bytes();

    /** Writes it to the beginning of {@code to}. */
    void encode(MemorySegment to);
}
