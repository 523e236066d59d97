package dev.openppu.hal.udev;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;

/** The C library's poll. */
interface PollFunction extends Library {
    /** {@code struct pollfd}: 32 bits of descriptor, 16 of events asked for, 16 of events found. */
    int ENTRY_BYTES = 8;

    short READABLE = 1;

    /** @return how many have something to read; 0 after the time, negative if a signal came */
    int poll(Memory entries, NativeLong count, int milliseconds);
}
