package dev.openppu.driver;

import dev.openppu.abi.packet.WaitValuePacket;

/** How a stream compares memory with a value while it waits. */
public enum Compare {
    /** Cyclic: memory - value, signed, is not negative. */
    GREATER_OR_EQUAL(WaitValuePacket.COMPARE_GREATER_OR_EQUAL),
    EQUAL(WaitValuePacket.COMPARE_EQUAL),
    /** (memory and value) is not 0. */
    AND(WaitValuePacket.COMPARE_AND),
    /** not (memory or value) is not 0. */
    NOR(WaitValuePacket.COMPARE_NOR);

    private final int code;

    Compare(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
