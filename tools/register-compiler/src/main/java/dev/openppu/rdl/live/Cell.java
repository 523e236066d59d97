package dev.openppu.rdl.live;

import org.jspecify.annotations.Nullable;

/** One word of one register: a register of at most 64 bits, or 64 bits of a wider one. An alias keeps its value in another's, and so do all but the first of registers that are shared. */
final class Cell {

    private static final WiredPart[] NOTHING_WIRED = {};
    private static final Follower[] NO_FOLLOWERS = {};

    final WordBehaviour behaviour;
    /** Its first byte's address. */
    final long start;
    /** The cell that holds its value: itself, unless it is of an alias or shared. */
    Cell store = this;
    long value;
    /** Bits whose one write has been made. */
    long spent;
    WiredPart[] wired = NOTHING_WIRED;
    Follower[] followers = NO_FOLLOWERS;
    @Nullable
    InterruptLine line;
    @Nullable
    Hooks hooks;

    Cell(WordBehaviour behaviour, long registerAddress) {
        this.behaviour = behaviour;
        this.start = registerAddress + behaviour.byteOffset;
    }

    long registerAddress() {
        return start - behaviour.byteOffset;
    }

    /** Whether software may access it so: a power of two, neither narrower nor wider than it allows, aligned in it. */
    boolean takes(long address, int bytes) {
        long at = address - start;
        return bytes >= behaviour.accessBytes && bytes <= behaviour.bytes && Integer.bitCount(bytes) == 1 && at >= 0
                && (at & bytes - 1) == 0 && at + bytes <= behaviour.bytes;
    }

    /** Whether {@code bytes} from {@code address} on are in it. */
    boolean covers(long address, int bytes) {
        long at = address - start;
        return bytes > 0 && at >= 0 && at + bytes <= behaviour.bytes;
    }

    /** How far the accessed bytes are from its lowest bit. */
    int shift(long address, int bytes) {
        int at = (int) (address - start);
        return (behaviour.bigEndian ? behaviour.bytes - bytes - at : at) << 3;
    }

    Hooks hooks() {
        Hooks present = hooks;
        if (present == null) {
            present = new Hooks();
            hooks = present;
        }
        return present;
    }

    /** The bits of {@code bytes} bytes. */
    static long lanes(int bytes) {
        return bytes >= 8 ? -1L : (1L << bytes * 8) - 1;
    }
}
